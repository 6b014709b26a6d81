#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/counter.hpp"
#include "capture/base/expected.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;
struct pcre2_real_jit_stack_8;

namespace cresset::detect::pattern {

struct regex_options {
  bool caseless = false;
  bool multiline = false;
  bool dot_all = false;
  bool extended = false;
  bool anchored = false;
  bool dollar_end_only = false;
  bool ungreedy = false;
};

struct regex_error {
  std::string reason;
  std::size_t offset = 0; ///< in the expression
};

/// One expression, compiled to machine code where the processor allows. Immutable; any number of
/// threads may match with it, each with its own regex_matcher.
class regex {
public:
  static expected<regex, regex_error> compile(std::string_view expression,
                                              regex_options options = {});

  /// Groups that capture.
  unsigned captures() const noexcept { return captures_; }
  bool is_jit() const noexcept { return jit_; }
  /// The groups that have names, with their numbers; sorted by name.
  std::vector<std::pair<std::string, unsigned>> names() const;
  /// For the matcher only.
  const pcre2_real_code_8* native() const noexcept { return code_.get(); }

private:
  struct releaser {
    void operator()(pcre2_real_code_8* code) const noexcept;
  };
  regex(pcre2_real_code_8* code, unsigned captures, bool jit) noexcept
      : code_{code}, captures_{captures}, jit_{jit} {}
  std::unique_ptr<pcre2_real_code_8, releaser> code_;
  unsigned captures_ = 0;
  bool jit_ = false;
};

/// The memory and limits of one thread's matches.
class regex_matcher {
public:
  /// What the reference limits a match to (`pcre.match-limit`, `pcre.match-limit-recursion`).
  static constexpr std::uint32_t match_limit = 3'500;
  static constexpr std::uint32_t depth_limit = 1'500;
  static constexpr std::size_t jit_stack_first_bytes = 32 * 1024;
  static constexpr std::size_t jit_stack_limit_bytes = 512 * 1024;
  /// Groups whose place is reported; those behind are not.
  static constexpr unsigned group_limit = 32;

  struct offsets {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  regex_matcher();

  /// The first match that begins at `start` or later (exactly there when `anchored`); look-behinds
  /// see what is before. Nothing when there is none, or when a limit was met: that is counted.
  std::optional<offsets> match(const regex& with, byte_view bytes, std::size_t start = 0,
                               bool anchored = false) noexcept;
  /// What group `number` (1…; 0 is the whole match) held in the last match; nothing when it took no
  /// part.
  std::optional<offsets> group(unsigned number) const noexcept;

  std::uint64_t limit_hits() const noexcept { return limit_hits_.value(); }
  std::uint64_t failures() const noexcept { return failures_.value(); }

private:
  struct releaser {
    void operator()(pcre2_real_match_data_8* p) const noexcept;
    void operator()(pcre2_real_match_context_8* p) const noexcept;
    void operator()(pcre2_real_jit_stack_8* p) const noexcept;
  };
  std::unique_ptr<pcre2_real_match_data_8, releaser> matched_;
  std::unique_ptr<pcre2_real_jit_stack_8, releaser> stack_;
  std::unique_ptr<pcre2_real_match_context_8, releaser> context_;
  unsigned groups_ = 0;
  counter limit_hits_;
  counter failures_;
};

} // namespace cresset::detect::pattern
