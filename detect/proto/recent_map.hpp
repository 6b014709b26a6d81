#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace cresset::detect::proto {

/// A map that forgets what was put in first when it is full: what hostile bytes can make a flow
/// remember is bounded.
template <typename Key, typename Value, std::size_t Limit>
class recent_map {
public:
  Value& put(const Key& key, Value value) {
    erase(key);
    if (values_.size() >= Limit) {
      const auto oldest = order_.begin();
      values_.erase(oldest->second);
      order_.erase(oldest);
    }
    order_.emplace(next_, key);
    return values_.emplace(key, entry{std::move(value), next_++}).first->second.value;
  }
  Value* find(const Key& key) noexcept {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second.value;
  }
  void erase(const Key& key) noexcept {
    const auto found = values_.find(key);
    if (found == values_.end())
      return;
    order_.erase(found->second.order);
    values_.erase(found);
  }
  std::size_t size() const noexcept { return values_.size(); }
  template <typename Visit>
  void each(Visit&& visit) {
    for (auto& [key, one] : values_)
      visit(key, one.value);
  }

private:
  struct entry {
    Value value;
    std::uint64_t order = 0;
  };
  std::map<Key, entry> values_;
  std::map<std::uint64_t, Key> order_;
  std::uint64_t next_ = 0;
};

} // namespace cresset::detect::proto
