#include "detect/proto/pop3/parser.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::pop3 {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

} // namespace

constinit const protocol_description description{"pop3", {}, {}};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  auto text = as_text(bytes);
  while (!text.empty() && !has_changed_) {
    const auto end = text.find('\n');
    const auto taken = end == std::string_view::npos ? text.size() : end + 1;
    const auto room = line_limit_bytes - std::min(line_limit_bytes, mine.line.size());
    mine.line += text.substr(0, std::min(taken, room));
    mine.size += taken;
    text.remove_prefix(taken);
    if (end == std::string_view::npos)
      break;
    auto line = std::exchange(mine.line, {});
    const auto size = std::exchange(mine.size, 0);
    while (line.ends_with('\n') || line.ends_with('\r'))
      line.pop_back();
    if (!std::exchange(mine.skips_line, false))
      on_line(way, line, size);
  }
  if (has_changed_) {
    left_over_[index(way)] = as_bytes(text);
    return parse_status::changed;
  }
  return mine.size == 0 ? parse_status::consumed : parse_status::need_more;
}

void parser::on_line(direction way, std::string_view line, std::size_t size) {
  if (way == tc)
    on_response(line, size);
  else if (!line.empty())
    on_command(line, size);
}

/// The oldest exchange without a whole response.
exchange* parser::awaiting() noexcept {
  for (std::size_t i = 0; i < live_.size(); ++i)
    if (!live_[i].is_done(tc))
      return &live_[i];
  return nullptr;
}

exchange* parser::make() {
  if (live_.size() >= transaction_limit) {
    live_.newest().raise("too_many_transactions");
    ++refused_;
    return nullptr;
  }
  return &live_.add(std::make_unique<exchange>(live_.next_number()));
}

void parser::on_command(std::string_view line, std::size_t size) {
  const auto* open = awaiting();
  if (open != nullptr && open->is_authentication())
    return; // what the client answers to the mechanism's challenge
  auto* one = make();
  if (one == nullptr)
    return;
  if (size > command_limit_bytes)
    one->raise("request_too_long");
  one->set_command(line);
}

void parser::on_response(std::string_view line, std::size_t size) {
  auto* one = awaiting();
  if (reads_lines_ && one != nullptr) {
    if (line != ".") {
      one->add_line(line);
      return;
    }
    reads_lines_ = false;
    one->complete(tc);
    return;
  }
  if (line.empty() || line == "+" || line.starts_with("+ "))
    return;             // a challenge (RFC 5034)
  if (one == nullptr) { // the greeting, or a response nobody asked for
    one = make();
    if (one == nullptr)
      return;
    one->complete(ts);
  }
  if (size > response_limit_bytes)
    one->raise("response_too_long");
  if (!one->set_status(line))
    return;
  reads_lines_ = one->wants_lines();
  if (reads_lines_)
    return;
  one->complete(tc);
  has_changed_ = one->command() == "STLS" && one->is_success();
}

parse_status parser::gap(direction way, std::uint64_t) {
  halves_[index(way)] = {.line = {}, .size = 0, .skips_line = true};
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  auto& mine = halves_[index(way)];
  if (mine.size != 0 && !mine.skips_line && !has_changed_)
    on_line(way, std::exchange(mine.line, {}), std::exchange(mine.size, 0));
  for (std::size_t i = 0; i < live_.size(); ++i)
    live_[i].complete(way);
}

} // namespace cresset::detect::proto::pop3
