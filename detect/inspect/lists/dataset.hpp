#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/rule/payload/buffer_tests.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cresset::detect::inspect::lists {

/// One `dataset` or `datarep`: values of one type that rules ask for, and add to or take from while
/// traffic goes by (manual: Datasets). Shared by all rules that name it and by all workers. Bounded
/// in bytes: what would go over is refused and counted.
class dataset {
public:
  using type = rule::payload::dataset_type;
  static constexpr std::uint64_t default_limit_bytes = std::uint64_t{100} << 20;
  /// What an element costs beside its own bytes.
  static constexpr std::uint64_t overhead_bytes = 64;

  dataset(std::string name, type of, std::uint64_t limit_bytes);

  const std::string& name() const noexcept { return name_; }
  type of() const noexcept { return type_; }

  /// The bytes of a buffer as an element: hashes as they are or in hexadecimal, addresses of 4 or
  /// 16 bytes. Nothing when they cannot be one.
  std::optional<std::string> element_of(byte_view bytes) const;
  /// An element as files write it: text in base64, hashes in hexadecimal, addresses as text.
  std::optional<std::string> element_from(std::string_view written) const;
  /// The same the other way round.
  std::string written(std::string_view element) const;

  bool contains(const std::string& element) const;
  /// What the set's file says of the element, as JSON; empty when it says nothing.
  std::string context_of(const std::string& element) const;
  std::optional<std::uint16_t> reputation_of(const std::string& element) const;

  /// False when it was there already, or there is no room.
  bool add(std::string element, std::uint16_t reputation = 0, std::string context = {});
  bool remove(const std::string& element);

  /// Some rule sets or unsets its elements: what it holds depends on the traffic before.
  void note_changed_by_rules() noexcept { changed_by_rules_ = true; }
  bool is_changed_by_rules() const noexcept { return changed_by_rules_; }

  std::size_t size() const;
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
  /// Calls `visit(element)` for each; nothing may change the set meanwhile.
  template <typename F>
  void each(F&& visit) const {
    const std::shared_lock lock{mutex_};
    for (const auto& one : elements_)
      visit(one.first);
  }

private:
  struct value {
    std::uint16_t reputation = 0;
    std::string context;
  };
  std::string name_;
  type type_;
  std::uint64_t limit_bytes_;
  bool changed_by_rules_ = false; // written while rules load, before any worker runs
  std::uint64_t used_bytes_ = 0;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, value> elements_;
  std::atomic<std::uint64_t> refused_{0};
};

} // namespace cresset::detect::inspect::lists
