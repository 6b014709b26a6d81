#pragma once

#include "coord/signed/canonical_json.hpp"

namespace cresset::coord::signed_ {

/// Reads one JSON text from front to back by recursive descent, never deeper than
/// `json_limit_depth`. The text must outlive the reader. One use only.
class json_reader {
public:
  explicit json_reader(std::string_view text) noexcept : text_{text} {}
  expected<json_value, json_error> whole_text();

private:
  bool value(json_value& into, std::size_t depth);
  bool object(json_value& into, std::size_t depth);
  bool array(json_value& into, std::size_t depth);
  bool member(json_value::object& into, std::size_t depth);
  bool sort_members(json_value::object& members);
  bool string(std::string& into);
  bool escape(std::string& into);
  bool unicode_escape(std::string& into);
  bool hex4(unsigned& code);
  bool plain_run(std::string& into);
  bool number(json_value& into);
  bool digits();
  bool literal(std::string_view word);

  void skip_space() noexcept;
  bool skip(char expected_character) noexcept;
  bool at(char character) const noexcept { return at_ < text_.size() && text_[at_] == character; }
  bool fail(json_errc code) noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  std::optional<json_error> error_;
};

/// Length of the valid UTF-8 sequence (RFC 3629) at the front of `text`, which is not empty; 0 if
/// there is none.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

} // namespace cresset::coord::signed_
