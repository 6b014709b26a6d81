// Two half-duplex dialogues over one another: command lines and their replies, and, after DATA or
// BDAT, a mail's content from the client. Lines are put together per direction; content lines over
// the limit are given on in pieces, so that one line of any length costs no more than the limit.
#include "detect/proto/smtp/parser.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace cresset::detect::proto::smtp {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr auto in_envelope = static_cast<progress>(mail_progress::envelope);
constexpr auto in_content = static_cast<progress>(mail_progress::content);

constexpr std::array buffers{
    buffer_description{"smtp.helo", to_server, in_envelope},
    buffer_description{"smtp.mail_from", to_server, in_content},
    buffer_description{"smtp.rcpt_to", to_server, in_content, true},
    buffer_description{"email.from", to_server, progress_done},
    buffer_description{"email.to", to_server, progress_done},
    buffer_description{"email.cc", to_server, progress_done},
    buffer_description{"email.subject", to_server, progress_done},
    buffer_description{"email.date", to_server, progress_done},
    buffer_description{"email.message_id", to_server, progress_done},
    buffer_description{"email.x_mailer", to_server, progress_done},
    buffer_description{"email.received", to_server, progress_done, true},
    buffer_description{"email.url", to_server, progress_done, true},
    buffer_description{"file.data", to_server, in_content, true, true},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::file_data) + 1);

bool begins_in_any_case(std::string_view text, std::string_view upper) noexcept {
  return text.size() >= upper.size() &&
         std::equal(upper.begin(), upper.end(), text.begin(),
                    [](char a, unsigned char b) { return a == std::toupper(b); });
}
/// What stands behind a command's word: blanks skipped, up to the next blank.
std::string_view argument_behind(std::string_view line, std::size_t word) noexcept {
  line.remove_prefix(std::min(word, line.size()));
  while (!line.empty() && line.front() == ' ')
    line.remove_prefix(1);
  return line.substr(0, line.find(' '));
}

} // namespace

constexpr std::array<std::string_view, 4> frame_types{"command_line", "data", "response_line",
                                                      "stream"};

constinit const protocol_description description{"smtp", buffers, {}, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (has_changed_)
    return parse_status::changed;
  if (live_.size() > transaction_limit)
    return parse_status::malformed;
  frames_.take(way, bytes);
  if (stream_frame_[index(way)] == 0)
    stream_frame_[index(way)] = frames_.open(way, "stream", 0);
  const auto rest = take_bytes(way, as_text(bytes));
  if (has_changed_) {
    left_over_[index(way)] = as_bytes(rest);
    return parse_status::changed;
  }
  return halves_[index(way)].line.empty() ? parse_status::consumed : parse_status::need_more;
}

std::string_view parser::take_bytes(direction way, std::string_view bytes) {
  auto& mine = halves_[index(way)];
  const auto* const begin = bytes.data();
  while (!bytes.empty() && !has_changed_) {
    if (mine.line.empty() && line_frame_[index(way)] == 0)
      begin_line_frame(way, bytes.data() - begin);
    if (way == to_server && reading_ == reading::chunk && mine.line.empty() && chunk_left_ == 0) {
      reading_ = reading::commands;
      continue;
    }
    // A chunk is as long as it said; within it lines are lines.
    auto piece = bytes;
    const bool in_chunk = way == to_server && reading_ == reading::chunk;
    if (in_chunk)
      piece = piece.substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, piece.size())));
    const auto limit = way == to_client                ? reply_limit_bytes
                       : reading_ == reading::commands ? command_limit_bytes
                                                       : mime_limits::line_bytes;
    const auto end = piece.find('\n');
    auto taken = std::min(piece.size(), end == std::string_view::npos ? piece.size() : end + 1);
    const auto room = limit - std::min(limit, mine.line.size());
    const bool is_content = way == to_server && reading_ != reading::commands;
    if (is_content && taken > room)
      taken = room;
    mine.line += piece.substr(0, std::min(taken, room));
    mine.is_cut = mine.is_cut || taken > room;
    bytes.remove_prefix(taken);
    if (end != std::string_view::npos && taken == end + 1)
      frames_.close(std::exchange(line_frame_[index(way)], 0), bytes.data() - begin);
    if (in_chunk)
      chunk_left_ -= taken;
    const bool is_whole = end != std::string_view::npos && taken == end + 1;
    const bool ends_chunk = in_chunk && chunk_left_ == 0;
    const auto line_bytes = static_cast<std::int64_t>(mine.line.size());
    if (is_whole)
      on_line(way);
    else if (is_content && (mine.line.size() >= limit || ends_chunk)) {
      on_content(std::exchange(mine.line, {}), ends_chunk);
      in_long_line_ = !ends_chunk;
    }
    if (is_content && (reading_ == reading::commands || ends_chunk)) // the dot is none of it
      frames_.close(std::exchange(content_frame_, 0),
                    bytes.data() - begin - (ends_chunk ? 0 : line_bytes));
    if (ends_chunk) {
      reading_ = reading::commands;
      if (chunk_is_last_)
        end_content();
    }
  }
  return bytes;
}

void parser::on_line(direction way) {
  auto& mine = halves_[index(way)];
  auto line = std::exchange(mine.line, {});
  const bool is_cut = std::exchange(mine.is_cut, false);
  if (std::exchange(skips_line_[index(way)], false))
    return;
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
    line.pop_back();
  if (way == to_client) {
    on_reply(line);
    if (is_cut)
      raise("max_reply_line_len_exceeded");
    return;
  }
  if (reading_ == reading::commands && data_is_asked_) {
    data_is_asked_ = false; // nobody showed us the answer; what follows DATA is content
    if (has_welcome_) {
      raise("invalid_pipelined_sequence"); // DATA ends a group of commands (RFC 2920 3.1)
      wait_for_reply(command::content);
    }
    reading_ = reading::content;
  }
  if (reading_ != reading::commands) {
    on_content(line, true);
    in_long_line_ = false;
    return;
  }
  on_command(line);
  if (is_cut)
    raise("max_command_line_len_exceeded");
}

void parser::on_content(std::string_view line, bool is_whole) {
  auto* one = mail_of_flow();
  if (reading_ == reading::content && !in_long_line_) {
    if (line == "." && is_whole) {
      reading_ = reading::commands;
      end_content();
      return;
    }
    if (line.starts_with('.'))
      line.remove_prefix(1);
  }
  if (one != nullptr)
    one->content_line(line, is_whole);
}

void parser::on_command(std::string_view line) {
  using enum command;
  constexpr std::array<std::pair<std::string_view, command>, 9> words{{{"EHLO", helo},
                                                                       {"HELO", helo},
                                                                       {"MAIL FROM:", mail_from},
                                                                       {"RCPT TO:", rcpt_to},
                                                                       {"DATA", data},
                                                                       {"BDAT", bdat},
                                                                       {"STARTTLS", starttls},
                                                                       {"RSET", rset},
                                                                       {"QUIT", quit}}};
  auto which = other;
  std::string_view argument;
  for (const auto& [word, meaning] : words)
    if (begins_in_any_case(line, word)) {
      which = meaning;
      argument = argument_behind(line, word.size());
      break;
    }
  wait_for_reply(which);
  if (which == rset || which == quit) {
    if (has_current_)
      complete_mail();
    return;
  }
  auto* one = mail_of_flow();
  if (one == nullptr)
    return;
  one->begin_envelope();
  switch (which) {
  case helo:
    helo_ = argument;
    one->set_helo(argument);
    break;
  case mail_from: one->set_sender(argument); break;
  case rcpt_to: one->add_recipient(argument); break;
  case data: data_is_asked_ = true; break;
  case bdat: begin_chunk(line.substr(4)); break;
  default: break;
  }
}

void parser::begin_chunk(std::string_view arguments) {
  while (!arguments.empty() && arguments.front() == ' ')
    arguments.remove_prefix(1);
  std::uint64_t size = 0;
  const auto [end, error] =
      std::from_chars(arguments.data(), arguments.data() + arguments.size(), size);
  const auto tail = arguments.substr(static_cast<std::size_t>(end - arguments.data()));
  chunk_is_last_ = begins_in_any_case(argument_behind(tail, 0), "LAST");
  if (error != std::errc{} || (!tail.empty() && !chunk_is_last_)) {
    raise("invalid_bdat");
    return;
  }
  chunk_left_ = size;
  if (chunk_is_last_ && !waiting_.empty())
    waiting_.back() = command::content;
  if (size > 0)
    reading_ = reading::chunk;
  else if (chunk_is_last_)
    end_content();
}

void parser::wait_for_reply(command which) {
  if (waiting_.size() < waiting_limit)
    waiting_.push_back(which);
  else
    raise("invalid_pipelined_sequence");
}

void parser::on_reply(std::string_view line) {
  const bool is_reply =
      line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3,
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!is_reply) {
    raise("invalid_reply");
    return;
  }
  if (line.size() > 3 && line[3] == '-')
    return; // the last line of a reply speaks for it
  if (!std::exchange(has_welcome_, true)) {
    const bool greets = line.starts_with("220");
    if (!greets || !waiting_.empty()) // nobody greets, or the client did not wait for it
      raise("no_server_welcome_message");
    if (greets || waiting_.empty())
      return;
  }
  if (waiting_.empty()) {
    if (!line.starts_with("421"))
      raise("unable_to_match_reply_with_request");
    return;
  }
  const auto asked = waiting_.front();
  waiting_.pop_front();
  if (asked == command::data) {
    const bool is_granted = line.starts_with("354");
    if (!is_granted)
      raise("data_command_rejected");
    if (std::exchange(data_is_asked_, false) && is_granted) {
      reading_ = reading::content;
      waiting_.push_front(command::content);
    }
  } else if (asked == command::content) {
    if (unanswered_.empty())
      return;
    if (auto* one = live_.find(unanswered_.front()))
      one->complete();
    unanswered_.pop_front();
  } else if (asked == command::starttls) {
    if (line.starts_with("220")) {
      has_changed_ = true;
      complete_mail();
    } else {
      raise("tls_rejected");
    }
  }
}

mail* parser::mail_of_flow() {
  if (has_current_)
    if (auto* one = live_.find(current_))
      return one;
  current_ = live_.next_number();
  has_current_ = true;
  auto& one = live_.add(std::make_unique<mail>(current_, helo_, settings_, file_settings_));
  for (const auto event : std::exchange(early_events_, {}).all())
    one.raise(event);
  return &one;
}

void parser::complete_mail() {
  if (has_current_)
    if (auto* one = live_.find(current_))
      one->complete();
  has_current_ = false;
}

/// The mail's content is over. It is complete when the server has answered; with a server nobody
/// hears, at once.
void parser::end_content() {
  auto* one = has_current_ ? live_.find(current_) : nullptr;
  if (one == nullptr || !has_welcome_ || unanswered_.size() >= waiting_limit) {
    complete_mail();
    return;
  }
  one->end_content();
  unanswered_.push_back(current_);
  has_current_ = false;
}

void parser::raise(std::string_view event) {
  auto* one = has_current_ ? live_.find(current_) : nullptr;
  if (one == nullptr && !live_.empty())
    one = &live_.newest();
  if (one != nullptr)
    one->raise(event);
  else
    early_events_.raise(event);
}

/// A line's frame begins with its first byte; content begins with the first line behind the 354,
/// and ends with the line before the dot.
void parser::begin_line_frame(direction way, std::int64_t at) {
  const auto number = has_current_ ? current_ : live_.next_number();
  if (way == to_client) { // an answer belongs to the mail before it
    line_frame_[index(way)] = frames_.open(way, "response_line", at, std::nullopt, current_);
    return;
  }
  const bool commands = reading_ == reading::commands && !data_is_asked_;
  if (commands)
    line_frame_[index(way)] = frames_.open(way, "command_line", at, std::nullopt, number);
  else if (content_frame_ == 0)
    content_frame_ = frames_.open(way, "data", at, std::nullopt, number);
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  line_frame_[index(way)] = 0;
  if (way == to_server)
    content_frame_ = 0;
  auto& mine = halves_[index(way)];
  mine = {};
  if (way == to_server && reading_ == reading::chunk)
    chunk_left_ -= std::min(chunk_left_, size);
  skips_line_[index(way)] = true;
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  if (way == to_server && reading_ != reading::commands && !halves_[index(way)].line.empty())
    on_content(std::exchange(halves_[index(way)].line, {}), true);
  if (way == to_server)
    complete_mail();
  if (way == to_server)
    return;
  for (const auto number : std::exchange(unanswered_, {}))
    if (auto* one = live_.find(number))
      one->complete();
}

void parser::release(std::uint64_t number) noexcept {
  live_.take(number);
}

} // namespace cresset::detect::proto::smtp
