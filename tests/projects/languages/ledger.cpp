#include "ledger.hpp"
#include <vector>

namespace shop::books {

// What an account is called.
using Name = std::string;

constexpr int kLimit = 100;

enum class Side { Debit, Credit };

/// A line of the ledger.
template <typename T>
class Entry : public Base<T>, private detail::Hidden {
 public:
  explicit Entry(T amount) : amount_(amount) {}
  ~Entry();
  virtual void post() = 0;
  T amount() const { return amount_; }
  bool operator==(const Entry& other) const { return amount_ == other.amount_; }

 private:
  T amount_;
};

struct Book {
  int total() const;
  static const int kPages = 12;
};

// Adds the entries.
int Book::total() const {
  auto add = [](int a, int b) { return a + b; };
  return std::accumulate(entries.begin(), entries.end(), 0, add);
}

template <>
Entry<int>::~Entry() { release(this->amount_); }

}  // namespace shop::books

namespace {
int* hidden(int n) { return new int(n); }
}  // namespace

template <typename T>
concept Postable = requires(T t) { t.post(); };

#define LEDGER_CHECK(x) check(x)
