// The language has two ways to name a buffer, and they may meet in one rule:
//
//   http.uri; content:"a"; content:"b";            sticky: all that follows looks there, until the
//   next one content:"a"; http_uri; content:"b";            modifier: behind a content, for that
//   one alone
//
// Either way a match ends up in a section. Which one: the first with the same buffer, transforms
// and direction; but a buffer with instances that was selected anew begins one more section,
// because another instance may satisfy it. A content waits here until the first option that is no
// modifier, since only then its buffer is known.

#include "detect/rule/rule_builder.hpp"

#include <algorithm>

namespace cresset::detect::rule {

using payload::buffer_keyword;
using payload::buffer_source;
using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

unexpected<refusal> refuse(errc why, std::string reason, std::size_t at) {
  return unexpected{refusal{why, std::move(reason), at}};
}

/// The entry that all aliases of a buffer share.
const buffer_keyword* canonical(const buffer_keyword& buffer) {
  const auto* found = buffer.name.empty() ? nullptr : payload::find_buffer_keyword(buffer.name);
  return found != nullptr ? found : &buffer;
}

bool same_place(const buffer_section& a, const buffer_section& b) {
  return a.keyword == b.keyword && a.direction == b.direction && a.frame == b.frame &&
         a.frame_protocol == b.frame_protocol && a.transforms == b.transforms;
}

std::optional<options::way> read_way(std::string_view word) {
  if (word == "to_server" || word == "toserver" || word == "request")
    return options::way::to_server;
  if (word == "to_client" || word == "toclient" || word == "response")
    return options::way::to_client;
  return std::nullopt;
}

} // namespace

rule_builder::rule_builder(rule& made)
    : made_{made}, raw_{payload::find_buffer_keyword("pkt_data")} {
  selected_.keyword = raw_;
  protocols_.narrow(made.header.app_protocol);
}

parsed<void> rule_builder::narrow(std::string_view protocols, std::size_t at) {
  if (protocols_.narrow(protocols))
    return {};
  return refuse(errc::contradiction,
                "the rule's protocol and its options leave no protocol to look at", at);
}

/// A buffer that was selected must have been used before the next one is.
parsed<void> rule_builder::close_selection(std::size_t at) {
  if (auto placed = close_content(); !placed)
    return placed;
  if (selected_anew_ && selected_.keyword != raw_)
    return refuse(errc::misplaced, "the buffer selected before this has no matches", at);
  return {};
}

parsed<void> rule_builder::select_frame(text_cursor value) {
  const auto name = value.rest();
  const auto cut = name.find_first_of(".:");
  const auto protocol =
      cut == std::string_view::npos ? std::string_view{} : app_protocol_named(name.substr(0, cut));
  selected_.frame_protocol = protocol.empty() ? made_.header.app_protocol : std::string{protocol};
  // "smb2.hdr" names no protocol: SMB's own frames are called so
  const bool is_whole = protocol.empty() || name.substr(0, cut) == "smb2";
  selected_.frame = is_whole ? name : name.substr(cut + 1);
  if (selected_.frame.empty())
    return value.fail(errc::missing, "the name of a frame is expected");
  if (selected_.frame_protocol.empty())
    return value.fail(errc::misplaced, "the protocol of the frame is not known");
  return narrow(selected_.frame_protocol, value.position());
}

parsed<void> rule_builder::select(const buffer_keyword& buffer, text_cursor value) {
  if (auto closed = close_selection(value.position()); !closed)
    return closed;
  selected_ = buffer_section{};
  selected_.keyword = canonical(buffer);
  selected_at_ = value.position();
  selected_anew_ = true;
  if (buffer.source == buffer_source::frame)
    return select_frame(value);
  if (!value.empty()) {
    selected_.direction = buffer.both_ways ? read_way(value.rest()) : std::nullopt;
    if (!selected_.direction)
      return value.fail(errc::syntax, "the buffer takes no such value");
  }
  return narrow(buffer.protocols, value.position());
}

parsed<void> rule_builder::transform(payload::transform step, std::size_t at) {
  if (!selected_anew_)
    return refuse(errc::misplaced, "a transform stands right behind the buffer it changes", at);
  constexpr std::size_t transform_limit = 16;
  if (selected_.transforms.size() == transform_limit)
    return refuse(errc::limit, "more than 16 transforms of one buffer", at);
  selected_.transforms.push_back(std::move(step));
  return {};
}

payload::content& rule_builder::opened() noexcept {
  return std::get<payload::content>(made_.sections[open_->section].matches[open_->index]);
}

parsed<void> rule_builder::content(payload::content made, std::size_t at,
                                   const buffer_keyword* buffer) {
  if (auto closed = close_content(); !closed)
    return closed;
  const auto section = section_for(nullptr);
  auto& matches = made_.sections[section].matches;
  open_ = open_content{section, matches.size(), at, false};
  matches.emplace_back(std::move(made));
  if (buffer == nullptr)
    return {};
  return move_content(*buffer, text_cursor{{}, at});
}

parsed<void> rule_builder::modify(std::string_view modifier, text_cursor value) {
  if (!open_)
    return value.fail(errc::misplaced, std::string{modifier} + " belongs behind a content");
  return payload::modify(opened(), modifier, value, variables_);
}

parsed<void> rule_builder::move_content(const buffer_keyword& buffer, text_cursor value) {
  if (!open_)
    return value.fail(errc::misplaced, "the modifier belongs behind a content");
  if (!value.empty())
    return value.fail(errc::syntax, "the modifier takes no value");
  const auto* moved_to = canonical(buffer);
  const auto* lies_in = made_.sections[open_->section].keyword;
  if (lies_in == moved_to)
    return {};
  if (open_->moved)
    return value.fail(errc::contradiction, "one content can look at one buffer only");
  if (lies_in != raw_)
    return value.fail(errc::contradiction, "a sticky buffer is selected; pkt_data ends it");
  auto moved = std::move(opened());
  auto& left = made_.sections[open_->section].matches;
  left.erase(left.begin() + static_cast<std::ptrdiff_t>(open_->index));
  const auto section = section_for(moved_to);
  auto& matches = made_.sections[section].matches;
  open_ = open_content{section, matches.size(), open_->at, true};
  matches.emplace_back(std::move(moved));
  return narrow(buffer.protocols, value.position());
}

/// No more modifiers come for the open content: it is checked.
parsed<void> rule_builder::close_content() {
  if (!open_)
    return {};
  const auto at = open_->at;
  auto& closed = opened();
  open_.reset();
  if (auto fine = payload::check(closed, at); !fine)
    return fine;
  if (closed.fast_pattern == payload::content::prefilter::automatic)
    return {};
  if (has_fast_pattern_)
    return refuse(errc::contradiction, "a rule has one fast_pattern", at);
  has_fast_pattern_ = true;
  return {};
}

/// The number of the section that takes the next match; made when it is not there.
std::size_t rule_builder::section_for(const buffer_keyword* own) {
  buffer_section wanted;
  bool anew = false;
  if (own != nullptr && own != selected_.keyword) {
    wanted.keyword = own;
  } else {
    wanted = selected_;
    anew = selected_anew_ && selected_.keyword->several;
    selected_anew_ = false;
  }
  auto& sections = made_.sections;
  // Of a buffer with instances the last one goes on; of others there is only one.
  for (auto i = anew ? 0 : sections.size(); i > 0; --i)
    if (same_place(sections[i - 1], wanted))
      return i - 1;
  sections.push_back(std::move(wanted));
  return sections.size() - 1;
}

parsed<void> rule_builder::add(match test, std::size_t at, const buffer_keyword* buffer) {
  if (buffer != nullptr) {
    if (selected_.keyword != raw_ && selected_.keyword != buffer)
      return refuse(errc::contradiction, "a sticky buffer is selected; pkt_data ends it", at);
    if (auto fine = narrow(buffer->protocols, at); !fine)
      return fine;
  }
  made_.sections[section_for(buffer)].matches.push_back(std::move(test));
  return {};
}

parsed<void> rule_builder::add(condition test, std::string_view protocols, std::size_t at) {
  if (auto fine = narrow(protocols, at); !fine)
    return fine;
  made_.conditions.push_back(std::move(test));
  return {};
}

/// A content longer than the buffer may be can never match.
parsed<void> rule_builder::check_sizes() const {
  for (const auto& section : made_.sections) {
    std::uint64_t most = UINT64_MAX;
    std::size_t longest = 0;
    for (const auto& test : section.matches) {
      if (const auto* size = std::get_if<payload::bsize>(&test);
          size != nullptr && !size->size.negated)
        most = std::min(most, size->size.most);
      if (const auto* found = std::get_if<payload::content>(&test);
          found != nullptr && !found->negated)
        longest = std::max(longest, found->pattern.size());
    }
    if (longest > most)
      return refuse(errc::contradiction, "a content is longer than bsize allows", selected_at_);
  }
  return {};
}

parsed<void> rule_builder::check_whole() const {
  if (made_.sid == 0)
    return refuse(errc::missing, "a rule needs a sid above 0", 0);
  if (made_.threshold && made_.detection_filter)
    return refuse(errc::contradiction, "threshold and detection_filter exclude each other", 0);
  const bool has_transaction =
      std::any_of(made_.sections.begin(), made_.sections.end(), [](const auto& section) {
        return section.keyword->source == buffer_source::transaction;
      });
  const bool has_dsize =
      std::any_of(made_.conditions.begin(), made_.conditions.end(), [](const auto& test) {
        const auto* number = std::get_if<options::number_match>(&test);
        return number != nullptr && number->field == "dsize";
      });
  if (has_transaction && has_dsize)
    return refuse(errc::contradiction,
                  "dsize is of packets and cannot stand with buffers of a protocol", 0);
  return check_sizes();
}

parsed<void> rule_builder::finish() {
  if (auto closed = close_selection(selected_at_); !closed)
    return closed;
  // What old modifiers moved away may have left a section of the payload empty.
  std::erase_if(made_.sections, [](const auto& section) { return section.matches.empty(); });
  if (auto fine = check_whole(); !fine)
    return fine;
  made_.byte_variables = variables_.names();
  made_.app_protocols = protocols_.names();
  made_.app_protocol = made_.header.app_protocol;
  if (made_.app_protocol.empty() && made_.app_protocols.size() == 1)
    made_.app_protocol = made_.app_protocols.front();
  return {};
}

} // namespace cresset::detect::rule
