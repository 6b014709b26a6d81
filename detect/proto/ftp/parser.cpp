#include "detect/proto/ftp/parser.hpp"

#include "detect/proto/ftp/data_parser.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::ftp {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto first_reply = static_cast<progress>(reply_progress::first);

constexpr std::array buffers{
    buffer_description{"ftp.command", ts, progress_done},
    buffer_description{"ftp.command_data", ts, progress_done},
    buffer_description{"ftp.mode", ts, progress_done},
    buffer_description{"ftp.mode", tc, first_reply},
    buffer_description{"ftp.reply", tc, first_reply, true},
    buffer_description{"ftp.completion_code", tc, first_reply, true},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::completion_code) + 1);

constexpr std::array fields{
    field_description{"ftp.dynamic_port", ts, progress_done},
    field_description{"ftp.dynamic_port", tc, first_reply},
    field_description{"ftp.reply_received", tc, first_reply},
    field_description{"ftpbounce", ts, progress_done},
};

} // namespace

constinit const protocol_description description{"ftp", buffers, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (has_changed_)
    return parse_status::changed;
  auto& mine = halves_[index(way)];
  auto text = as_text(bytes);
  while (!text.empty() && !has_changed_) {
    const auto end = text.find('\n');
    const auto taken = end == std::string_view::npos ? text.size() : end + 1;
    // The limit is that of the line without its break.
    auto piece = text.substr(0, end == std::string_view::npos ? taken : end);
    const auto room = line_limit_bytes - std::min(line_limit_bytes, mine.line.size());
    mine.is_cut = mine.is_cut || piece.size() > room + (piece.ends_with('\r') ? 1 : 0);
    mine.line += piece.substr(0, room);
    text.remove_prefix(taken);
    if (end == std::string_view::npos)
      break;
    auto line = std::exchange(mine.line, {});
    const bool is_cut = std::exchange(mine.is_cut, false);
    if (line.ends_with('\r'))
      line.pop_back();
    if (std::exchange(mine.skips_line, false))
      continue;
    if (live_.size() >= transaction_limit)
      return parse_status::malformed;
    on_line(way, line, is_cut);
  }
  if (has_changed_) {
    left_over_[index(way)] = as_bytes(text);
    return parse_status::changed;
  }
  return mine.line.empty() ? parse_status::consumed : parse_status::need_more;
}

void parser::on_line(direction way, std::string_view line, bool is_cut) {
  if (way == tc)
    return on_reply(line, is_cut);
  if (line.empty())
    return;
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), client_));
  if (is_cut)
    one.raise("request_command_too_long");
  one.set_command(line, is_cut);
  note_port(one);
  announce(one);
}

exchange* parser::awaiting_reply() noexcept {
  for (std::size_t i = 0; i < live_.size(); ++i)
    if (!live_[i].is_done(tc))
      return &live_[i];
  return nullptr;
}

void parser::on_reply(std::string_view line, bool is_cut) {
  auto* one = awaiting_reply();
  if (one == nullptr) { // the welcome, or a reply nobody asked for
    one = &live_.add(std::make_unique<exchange>(live_.next_number()));
    one->complete(ts);
  }
  if (is_cut)
    one->raise("response_command_too_long");
  const bool is_last = one->add_reply(line, is_cut);
  note_port(*one);
  if (!is_last)
    return;
  one->complete(tc);
  has_changed_ = one->command() == "AUTH" && line.starts_with("234");
}

void parser::note_port(const exchange& of) {
  if (const auto port = of.dynamic_port())
    port_ = announcement{.protocol = app_protocol::ftp_data,
                         .listener = of.is_passive() ? ts : tc,
                         .port = *port,
                         .what = nullptr};
}

/// A transfer goes over the port that was named last.
void parser::announce(const exchange& of) {
  const bool stores = of.command() == "STOR" || of.command() == "APPE" || of.command() == "STOU";
  if ((!stores && of.command() != "RETR") || !port_ || announcements_.size() >= announcement_limit)
    return;
  auto one = *std::exchange(port_, std::nullopt);
  one.what = std::make_shared<transfer>(stores ? transfer::command::stor : transfer::command::retr,
                                        of.command_data());
  announcements_.push_back(std::move(one));
}

parse_status parser::gap(direction way, std::uint64_t) {
  auto& mine = halves_[index(way)];
  mine = {};
  mine.skips_line = true;
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  auto& mine = halves_[index(way)];
  if (!mine.line.empty() && !mine.skips_line)
    on_line(way, std::exchange(mine.line, {}), mine.is_cut);
  for (std::size_t i = 0; i < live_.size(); ++i)
    live_[i].complete(way);
}

void parser::release(std::uint64_t number) noexcept {
  live_.take(number);
}

} // namespace cresset::detect::proto::ftp
