#define PCRE2_CODE_UNIT_WIDTH 8

#include "detect/pattern/regex.hpp"

#include <pcre2.h>

#include <array>
#include <new>

namespace cresset::detect::pattern {

namespace {

std::uint32_t flags_of(const regex_options& options) {
  const std::pair<bool, std::uint32_t> flags[] = {
      {options.caseless, PCRE2_CASELESS}, {options.multiline, PCRE2_MULTILINE},
      {options.dot_all, PCRE2_DOTALL},    {options.extended, PCRE2_EXTENDED},
      {options.anchored, PCRE2_ANCHORED}, {options.dollar_end_only, PCRE2_DOLLAR_ENDONLY},
      {options.ungreedy, PCRE2_UNGREEDY},
  };
  // Bytes are bytes: an expression may not switch to UTF-8, where matching could fail on what is
  // not.
  std::uint32_t all = PCRE2_NEVER_UTF;
  for (const auto& [is_set, flag] : flags)
    all |= is_set ? flag : 0;
  return all;
}

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

bool is_limit(int answer) noexcept {
  return answer == PCRE2_ERROR_MATCHLIMIT || answer == PCRE2_ERROR_DEPTHLIMIT ||
         answer == PCRE2_ERROR_HEAPLIMIT || answer == PCRE2_ERROR_JIT_STACKLIMIT;
}

} // namespace

void regex::releaser::operator()(pcre2_code* code) const noexcept {
  pcre2_code_free(code);
}

expected<regex, regex_error> regex::compile(std::string_view expression, regex_options options) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                             flags_of(options), &error, &offset, nullptr);
  if (code == nullptr)
    return unexpected{regex_error{message_of(error), offset}};
  std::uint32_t captures = 0;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &captures);
  const bool jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
  return regex{code, captures, jit};
}

std::vector<std::pair<std::string, unsigned>> regex::names() const {
  std::uint32_t count = 0, size = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMETABLE, &table);
  std::vector<std::pair<std::string, unsigned>> names;
  // each entry: the group's number in two bytes, then the name and a zero
  for (std::uint32_t i = 0; i < count; ++i, table += size)
    names.emplace_back(reinterpret_cast<const char*>(table + 2),
                       static_cast<unsigned>(table[0]) << 8 | table[1]);
  return names;
}

void regex_matcher::releaser::operator()(pcre2_match_data* p) const noexcept {
  pcre2_match_data_free(p);
}
void regex_matcher::releaser::operator()(pcre2_match_context* p) const noexcept {
  pcre2_match_context_free(p);
}
void regex_matcher::releaser::operator()(pcre2_jit_stack* p) const noexcept {
  pcre2_jit_stack_free(p);
}

regex_matcher::regex_matcher()
    : matched_{pcre2_match_data_create(group_limit + 1, nullptr)},
      stack_{pcre2_jit_stack_create(jit_stack_first_bytes, jit_stack_limit_bytes, nullptr)},
      context_{pcre2_match_context_create(nullptr)} {
  if (!matched_ || !stack_ || !context_)
    throw std::bad_alloc{};
  pcre2_set_match_limit(context_.get(), match_limit);
  pcre2_set_depth_limit(context_.get(), depth_limit);
  pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
}

std::optional<regex_matcher::offsets> regex_matcher::match(const regex& with, byte_view bytes,
                                                           std::size_t start,
                                                           bool anchored) noexcept {
  groups_ = 0;
  if (start > bytes.size())
    return std::nullopt;
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(
      bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data()));
  const int answer = pcre2_match(with.native(), subject, bytes.size(), start,
                                 anchored ? PCRE2_ANCHORED : 0, matched_.get(), context_.get());
  if (answer >= 0) {
    // 0: more groups than there is room for; those that fit are there.
    groups_ = answer == 0 ? group_limit + 1 : static_cast<unsigned>(answer);
    return group(0);
  }
  if (is_limit(answer))
    limit_hits_.add();
  else if (answer != PCRE2_ERROR_NOMATCH)
    failures_.add();
  return std::nullopt;
}

std::optional<regex_matcher::offsets> regex_matcher::group(unsigned number) const noexcept {
  if (number >= groups_)
    return std::nullopt;
  const auto* places = pcre2_get_ovector_pointer(matched_.get());
  const auto begin = places[2 * number];
  const auto end = places[2 * number + 1];
  // \K can move the beginning behind the end; such a match is empty for us.
  if (begin == PCRE2_UNSET || end == PCRE2_UNSET)
    return std::nullopt;
  return offsets{begin <= end ? begin : end, end};
}

} // namespace cresset::detect::pattern
