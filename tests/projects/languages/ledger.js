'use strict';
const { post, rate: pace } = require('./money');
const store = require('../store');

// The most entries.
const LIMIT = 100;

/**
 * A line of the ledger.
 */
class Entry extends store.Record {
  static ZERO = 0;

  onPost = () => this.check();

  side() {
    return pace(this.amount);
  }
}

function* entries() {
  yield 1;
}

Entry.prototype.twice = function twice() {
  return post(2);
};

exports.audit = (book) => book.check();

module.exports = {
  open() {},
  close: function () {},
};

app.use(function logger(req) {
  return req;
});
