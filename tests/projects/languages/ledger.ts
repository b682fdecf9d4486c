import axios, { get as fetch, type Rate } from './money';
import * as store from '../store';
export { post } from './post';

/** A line of the ledger. */
@Entity({ name: 'entry' })
export abstract class Entry<T> extends store.Record implements Ledger, Comparable<T> {
  static readonly ZERO = 0;
  private name = '';

  constructor(private amount: number) {
    super();
  }

  // The sign decides.
  @Memo()
  get side(): Side {
    return fetch<Side>(this.store.ask(this.amount));
  }

  onPost = (entry: Entry<T>): void => {
    const local = new Map();
  };

  abstract check(): boolean;
}

export interface Ledger extends Closeable {
  post(entry: Entry<number>): void;
  total: number;
}

export type Name = string;

export enum Side {
  Debit,
  Credit = 'c',
}

export const schema = z.object({
  amount: z.number(),
  parse(text: string) {
    return text;
  },
});

export const twice = async (n: number) => {
  return n * 2;
};

const LIMIT = 100,
  MORE = 200;

export default function audit(book: Book): boolean {
  const check = () => true;
  return check();
}

namespace Money {
  export function of(n: number): Amount {
    return new Amount(n);
  }
}

declare function external(n: number): void;

describe('audit', () => {
  it('keeps the amount', () => {
    expect(audit(new Book())).toBe(true);
  });
});
