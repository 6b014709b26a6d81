#pragma once

#include "detect/proto/transaction.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cresset::detect::proto {

/// The live transactions of one parser, oldest first. `Transaction` is the protocol's own type; the list owns them and
/// shows them as the interface wants. Numbers grow, so finding one is a binary search.
template <typename Transaction>
class transaction_list {
public:
  /// Takes the transaction in; its number must be next_number().
  Transaction& add(std::unique_ptr<Transaction> one) {
    shown_.push_back(one.get());
    owned_.push_back(std::move(one));
    ++next_number_;
    return *owned_.back();
  }
  std::uint64_t next_number() const noexcept { return next_number_; }
  std::size_t size() const noexcept { return owned_.size(); }
  bool empty() const noexcept { return owned_.empty(); }
  Transaction& operator[](std::size_t i) noexcept { return *owned_[i]; }
  Transaction& newest() noexcept { return *owned_.back(); }

  Transaction* find(std::uint64_t number) noexcept {
    const auto at = position(number);
    return at == owned_.end() ? nullptr : at->get();
  }
  /// Gives the transaction back to the caller, or nothing when there is none of that number.
  std::unique_ptr<Transaction> take(std::uint64_t number) noexcept {
    const auto at = position(number);
    if (at == owned_.end())
      return nullptr;
    auto taken = std::move(*at);
    shown_.erase(shown_.begin() + (at - owned_.begin()));
    owned_.erase(at);
    return taken;
  }
  std::span<transaction* const> shown() const noexcept { return shown_; }

private:
  auto position(std::uint64_t number) noexcept {
    const auto at = std::lower_bound(owned_.begin(), owned_.end(), number,
                                     [](const auto& one, std::uint64_t n) { return one->number() < n; });
    return at != owned_.end() && (*at)->number() == number ? at : owned_.end();
  }

  std::vector<std::unique_ptr<Transaction>> owned_;
  std::vector<transaction*> shown_;
  std::uint64_t next_number_ = 0;
};

} // namespace cresset::detect::proto
