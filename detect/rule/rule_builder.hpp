#pragma once

#include "detect/rule/app_protocols.hpp"
#include "detect/rule/payload/variable_names.hpp"
#include "detect/rule/rule.hpp"

#include <optional>
#include <string_view>

namespace cresset::detect::rule {

/// A rule while its options are read, one after the other. It knows which buffer is selected and
/// which content still takes modifiers, and sorts what it is given into the sections of the rule.
class rule_builder {
public:
  /// Writes into `made`, whose header is complete; it must outlive the builder.
  explicit rule_builder(rule& made);

  /// A sticky buffer: what comes after it looks there.
  text::parsed<void> select(const payload::buffer_keyword& buffer, text::text_cursor value);
  /// A transform of the selected buffer.
  text::parsed<void> transform(payload::transform step, std::size_t at);

  /// A content begins; it takes modifiers until the next option that is none. `buffer`, if not
  /// null, is its own.
  text::parsed<void> content(payload::content made, std::size_t at,
                             const payload::buffer_keyword* buffer = nullptr);
  /// A modifier of the content before it.
  text::parsed<void> modify(std::string_view modifier, text::text_cursor value);
  /// An old content modifier (`http_uri`): the content before it looks there.
  text::parsed<void> move_content(const payload::buffer_keyword& buffer, text::text_cursor value);

  /// A test in the selected buffer, or in `buffer` when it names one of its own.
  text::parsed<void> add(match test, std::size_t at,
                         const payload::buffer_keyword* buffer = nullptr);
  /// A test of no buffer; `protocols` are those that have what it looks at.
  text::parsed<void> add(condition test, std::string_view protocols, std::size_t at);
  void add(effect after) { made_.effects.push_back(std::move(after)); }

  /// No option follows: the last content is placed and what the options say together is checked.
  text::parsed<void> finish();

  /// The option before this one was a negated content or a modifier of one.
  bool is_behind_negated_content() noexcept { return open_ && opened().negated; }
  bool is_payload_selected() const noexcept { return selected_.keyword == raw_; }
  rule& made() noexcept { return made_; }
  payload::variable_names& variables() noexcept { return variables_; }

private:
  /// The content that modifiers are for: where it lies in the rule, and whether one gave it a
  /// buffer of its own.
  struct open_content {
    std::size_t section = 0;
    std::size_t index = 0;
    std::size_t at = 0;
    bool moved = false;
  };

  payload::content& opened() noexcept;
  text::parsed<void> close_content();
  text::parsed<void> close_selection(std::size_t at);
  std::size_t section_for(const payload::buffer_keyword* own);
  text::parsed<void> narrow(std::string_view protocols, std::size_t at);
  text::parsed<void> select_frame(text::text_cursor value);
  text::parsed<void> check_sizes() const;
  text::parsed<void> check_whole() const;

  rule& made_;
  const payload::buffer_keyword* raw_;
  buffer_section selected_; ///< its matches stay empty: it is what the next section will be
  std::size_t selected_at_ = 0;
  bool selected_anew_ = false; ///< selected, and nothing placed there since
  std::optional<open_content> open_;
  payload::variable_names variables_;
  app_protocols protocols_;
  bool has_fast_pattern_ = false;
};

} // namespace cresset::detect::rule
