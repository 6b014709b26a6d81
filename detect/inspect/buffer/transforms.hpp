#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"
#include "detect/inspect/lists/library.hpp"
#include "detect/pattern/regex.hpp"
#include "detect/rule/payload/transform.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// What is done to a buffer's bytes before its tests look at them, made ready: expressions
/// compiled, lists at hand. Immutable, shared by all workers.
class transformer {
public:
  /// Longest output of each step.
  static constexpr std::size_t limit_bytes = std::size_t{1} << 20;

  transformer() = default;
  /// Refused with a sentence: an expression that does not compile or captures nothing, a list that
  /// is not there.
  static expected<transformer, std::string> make(const std::vector<rule::payload::transform>& list,
                                                 lists::library& lists);

  bool empty() const noexcept { return steps_.empty(); }
  /// Puts `bytes` through the steps, one behind the other, into `out`, which is emptied first
  /// (manual: Transformations). False when one of them leaves no buffer: bytes that do not
  /// decompress, an expression that finds nothing.
  bool apply(byte_view bytes, std::vector<std::byte>& out, pattern::regex_matcher& matcher) const;

  /// The same steps.
  friend bool operator==(const transformer& a, const transformer& b) noexcept;

private:
  struct step {
    rule::payload::transform what;
    std::shared_ptr<const pattern::regex> regex;      ///< of pcrexform
    const lists::public_suffixes* suffixes = nullptr; ///< of domain and tld; lives with the lists
  };
  static bool apply(const step& one, byte_view in, std::vector<std::byte>& out,
                    pattern::regex_matcher& matcher);
  std::vector<step> steps_;
};

} // namespace cresset::detect::inspect::buffer
