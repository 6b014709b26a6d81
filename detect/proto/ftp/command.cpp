#include "detect/proto/ftp/command.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace cresset::detect::proto::ftp {
namespace {

/// The port in "h1,h2,h3,h4,p1,p2" (RFC 959 4.1.2), wherever in the text the six numbers stand.
std::optional<std::uint16_t> port_in_six(std::string_view text) noexcept {
  std::array<unsigned, 6> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ','))
      return std::nullopt;
    const auto [behind, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc{} || numbers[i] > 255)
      return std::nullopt;
    at = behind;
  }
  return static_cast<std::uint16_t>(numbers[4] << 8 | numbers[5]);
}

/// The port between the last two delimiters of "|1|192.0.2.1|4000|" or "(|||4000|)" (RFC 2428).
std::optional<std::uint16_t> port_in_extended(std::string_view text) noexcept {
  const auto last = text.rfind('|');
  if (last == std::string_view::npos || last == 0)
    return std::nullopt;
  const auto before = text.rfind('|', last - 1);
  if (before == std::string_view::npos)
    return std::nullopt;
  std::uint16_t port = 0;
  const auto digits = text.substr(before + 1, last - before - 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return port;
}

/// The address in "h1,h2,h3,h4,p1,p2", and in "|1|192.0.2.1|4000|".
std::optional<ip_address> address_in_six(std::string_view text) {
  std::string dotted;
  std::size_t commas = 0;
  for (const char c : text) {
    if (c == ',' && ++commas == 4)
      break;
    dotted += c == ',' ? '.' : c;
  }
  return ip_address::parse(dotted);
}
std::optional<ip_address> address_in_extended(std::string_view text) {
  std::array<std::size_t, 3> bars{};
  std::size_t from = 0;
  for (auto& bar : bars) {
    bar = text.find('|', from);
    if (bar == std::string_view::npos)
      return std::nullopt;
    from = bar + 1;
  }
  return ip_address::parse(text.substr(bars[1] + 1, bars[2] - bars[1] - 1));
}

bool is_code(std::string_view line) noexcept {
  return line.size() >= 3 &&
         std::all_of(line.begin(), line.begin() + 3,
                     [](unsigned char c) { return std::isdigit(c) != 0; }) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

} // namespace

void exchange::set_command(std::string_view line, bool is_cut) {
  const auto word = line.substr(0, line.find(' '));
  for (const unsigned char c : word)
    command_ += static_cast<char>(std::toupper(c));
  data_ = line.size() > word.size() ? line.substr(word.size() + 1) : std::string_view{};
  command_is_cut_ = is_cut;
  if (command_ == "PORT") {
    dynamic_port_ = port_in_six(data_);
    named_ = address_in_six(data_);
  } else if (command_ == "EPRT") {
    dynamic_port_ = port_in_extended(data_);
    named_ = address_in_extended(data_);
  }
  advance(direction::to_server, progress_done);
}

bool exchange::add_reply(std::string_view line, bool is_cut) {
  reply_is_cut_ = reply_is_cut_ || is_cut;
  advance(direction::to_client, static_cast<progress>(reply_progress::first));
  const bool has_code = is_code(line);
  const auto code = has_code ? line.substr(0, 3) : std::string_view{};
  if (replies_.size() < replies_limit)
    replies_.emplace_back(has_code ? line.substr(std::min<std::size_t>(4, line.size())) : line);
  if (has_code && codes_.size() < replies_limit &&
      std::find(codes_.begin(), codes_.end(), code) == codes_.end())
    codes_.emplace_back(code);
  if (code == "227" || code == "229") {
    const auto begin = line.find_first_of(code == "227" ? "0123456789" : "(", 4);
    const auto rest = begin == std::string_view::npos ? std::string_view{} : line.substr(begin);
    dynamic_port_ = code == "227" ? port_in_six(rest) : port_in_extended(rest);
    is_passive_ = dynamic_port_.has_value();
  }
  if (has_code && line.size() > 3 && line[3] == '-') {
    if (open_code_.empty())
      open_code_ = code;
    return false;
  }
  if (!open_code_.empty() && code != open_code_)
    return false; // a line within a reply of several
  open_code_.clear();
  // 1yz promises another reply (RFC 959 4.2.1).
  return has_code && code.front() != '1';
}

/// The client lets the server connect to somebody else (RFC 2577 3).
bool exchange::is_bounce() const noexcept {
  return client_ && named_ && dynamic_port_ && *named_ != *client_;
}

std::string_view exchange::mode() const noexcept {
  if (!dynamic_port_)
    return {};
  return is_passive_ ? "passive" : "active";
}

std::size_t exchange::instances(buffer_id id) const noexcept {
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::command: return command_.empty() ? 0 : 1;
  case buffer_index::command_data: return data_.empty() ? 0 : 1;
  case buffer_index::mode_ts:
  case buffer_index::mode_tc: return mode().empty() ? 0 : 1;
  case buffer_index::reply: return replies_.size();
  case buffer_index::completion_code: return codes_.size();
  }
  return 0;
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  switch (static_cast<buffer_index>(id)) {
  case buffer_index::command: return as_bytes(command_);
  case buffer_index::command_data: return as_bytes(data_);
  case buffer_index::mode_ts:
  case buffer_index::mode_tc: return as_bytes(mode());
  case buffer_index::reply: return as_bytes(replies_[instance]);
  case buffer_index::completion_code: return as_bytes(codes_[instance]);
  }
  return std::nullopt;
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  return field(id, 0).has_value() ? 1 : 0;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance > 0)
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::dynamic_port_ts:
  case field_index::dynamic_port_tc:
    return dynamic_port_ ? std::optional<std::uint64_t>{*dynamic_port_} : std::nullopt;
  case field_index::reply_received: return replies_.empty() ? 0 : 1;
  case field_index::bounce: return is_bounce() ? 1 : 0;
  }
  return std::nullopt;
}

void exchange::write_members(json_writer& json) const {
  if (!command_.empty())
    json.member("command", command_).member("command_truncated", command_is_cut_);
  if (!data_.empty())
    json.member("command_data", data_);
  const auto list = [&](const char* name, const std::vector<std::string>& texts) {
    if (texts.empty())
      return;
    json.key(name).begin_array();
    for (const auto& one : texts)
      json.text(one);
    json.end_array();
  };
  list("reply", replies_);
  list("completion_code", codes_);
  if (dynamic_port_)
    json.member("dynamic_port", *dynamic_port_).member("mode", mode());
  json.member("reply_received", replies_.empty() ? "no" : "yes")
      .member("reply_truncated", reply_is_cut_);
}

} // namespace cresset::detect::proto::ftp
