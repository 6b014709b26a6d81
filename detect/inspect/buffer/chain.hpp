#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"
#include "detect/inspect/buffer/harvest.hpp"
#include "detect/inspect/buffer/search.hpp"
#include "detect/inspect/lists/library.hpp"
#include "detect/pattern/regex.hpp"
#include "detect/rule/rule.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// One test of a rule with what it needs made ready. `test` points into the rule, which must
/// outlive it.
struct step {
  const rule::match* test = nullptr;
  buffer::needle needle;                       ///< of a content
  std::shared_ptr<const pattern::regex> regex; ///< of a pcre
  /// Of a pcre: where the text of a group goes.
  struct capture {
    unsigned group = 0;
    rule::payload::pcre::scope where{};
    std::string name;
  };
  std::vector<capture> captures;
  std::shared_ptr<lists::dataset> set; ///< of a dataset or datarep
  /// A later test counts from where this one matched, or uses a variable it set: another place may
  /// succeed where the first does not.
  bool place_matters = false;
};

/// All tests on one buffer, in the rule's order.
struct chain {
  std::vector<step> steps;
  bool is_absent_test = false; ///< begins with `absent`
  bool absent_or_else = false;
  bool harvests = false; ///< something is to be taken along when the rule has matched
};

/// Makes a section's tests ready; the section must outlive the chain. Refused with a sentence when
/// it asks for something that cannot be matched: an expression that does not compile, a set whose
/// file is wrong. `folder` is that of the rule's file.
expected<chain, std::string> make_chain(const rule::buffer_section& section, lists::library& lists,
                                        const std::filesystem::path& folder);

/// The bytes a chain is tried on. `docs/inspection-model.md` section 3 says what a window is; any
/// other buffer is given whole.
struct window {
  byte_view bytes{};
  /// `bytes` begins where the buffer begins, so that `offset` and `depth` can be judged.
  bool from_start = true;
  /// What ends within the first so many bytes was judged in an earlier window.
  std::size_t judged_bytes = 0;
  /// What the word `dce` of the byte keywords means here.
  rule::payload::byte_order dce_order = rule::payload::byte_order::little;
};

/// What one thread needs to match: variables of the rule at hand, the bytes base64_decode left, and
/// the counters.
struct workspace {
  /// Places tried for one chain on one window before it is given up: bounds what hostile bytes can
  /// cost.
  static constexpr unsigned place_limit = 20'000;

  std::array<std::uint64_t, rule::payload::variable_names::limit> variables{};
  std::vector<std::byte> decoded;
  pattern::regex_matcher regex;
  harvest* gathers = nullptr;         ///< filled by a chain that matches, where there is one
  /// Called before a set that rules change is asked; null or empty for none.
  const std::function<void()>* turn = nullptr;
  bool is_tcp = false;                ///< the bytes at hand came over TCP
  std::uint64_t places_exhausted = 0; ///< chains given up at the limit

  unsigned places_left = 0;
};

/// Whether all tests hold, in order, at some choice of places (docs/inspection-model.md section 5).
bool matches(const chain& tests, const window& on, workspace& work) noexcept;

} // namespace cresset::detect::inspect::buffer
