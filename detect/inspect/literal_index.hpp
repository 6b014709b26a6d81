#pragma once

#include "detect/pattern/database_cache.hpp"
#include "detect/pattern/scanner.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::inspect {

/// The literals that lead to the rules of one kind of bytes (one buffer, one side of the raw
/// stream): one scan gives the rules worth trying. Filled, then compiled once; immutable
/// afterwards, shared by all workers.
class literal_index {
public:
  /// The rule `signature` is to be tried where `literal` stands. Precondition: not compiled yet,
  /// literal not empty.
  void add(const std::string& literal, bool nocase, std::uint32_t signature);
  /// Throws std::runtime_error when the patterns do not compile.
  void compile(pattern::database_cache& cache);

  bool empty() const noexcept { return !database_; }
  /// Calls `on_rule(signature)` for each rule whose literal stands in `bytes`; a rule may come
  /// several times. False when the scan failed and rules may be missing: then all of `every_rule()`
  /// must be tried.
  template <typename F>
  bool scan(pattern::scanner& with, byte_view bytes, F&& on_rule) const noexcept {
    if (!database_ || bytes.empty())
      return true;
    if (!few_.empty() && bytes.size() <= small_bytes) {
      for (std::uint32_t literal = 0; literal < few_.size(); ++literal)
        if (few_[literal].stands_in(as_text(bytes)))
          for (const auto s : rules_of(literal))
            on_rule(s);
      return true;
    }
    return with.scan(*database_, bytes, [&](std::uint32_t literal, std::size_t) {
      for (const auto s : rules_of(literal))
        on_rule(s);
    }) != pattern::scan_status::failed;
  }
  std::span<const std::uint32_t> every_rule() const noexcept { return rules_; }
  /// Makes the scanner fit; before its first scan here.
  bool fit(pattern::scanner& with) const { return !database_ || with.fit(*database_); }
  /// Bytes of the longest literal; 0 without any.
  std::size_t longest() const noexcept { return longest_; }
  std::size_t literals() const noexcept { return begin_.empty() ? 0 : begin_.size() - 1; }

private:
  /// So few literals in so few bytes are found sooner one by one than by a call of the library.
  static constexpr std::size_t few_literals = 4;
  static constexpr std::size_t small_bytes = 256;
  struct lone_literal {
    std::string text; ///< in lower case when `nocase`
    bool nocase = false;
    bool stands_in(std::string_view bytes) const noexcept;
  };

  std::span<const std::uint32_t> rules_of(std::uint32_t literal) const noexcept {
    return std::span{rules_}.subspan(begin_[literal], begin_[literal + 1] - begin_[literal]);
  }

  std::map<std::pair<std::string, bool>, std::vector<std::uint32_t>> added_;
  std::vector<std::uint32_t> rules_; ///< the rules of all literals, one literal behind the other
  std::vector<std::uint32_t> begin_; ///< where each literal's rules begin in `rules_`
  std::optional<pattern::database> database_;
  std::vector<lone_literal> few_; ///< all literals, where there are few
  std::size_t longest_ = 0;
};

} // namespace cresset::detect::inspect
