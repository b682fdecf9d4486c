#pragma once

namespace shop {

class Ledger {
 public:
  Ledger();
  virtual ~Ledger() = default;
  int total() const;
};

inline Ledger open() { return Ledger(); }

}  // namespace shop
