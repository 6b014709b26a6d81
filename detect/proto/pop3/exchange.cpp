#include "detect/proto/pop3/exchange.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cresset::detect::proto::pop3 {
namespace {

struct known_command {
  std::string_view name;
  std::size_t least = 0; ///< arguments
  std::size_t most = 0;
};
constexpr std::size_t any = exchange::arguments_limit;
constexpr std::array known{
    known_command{"USER", 1, 1}, known_command{"PASS", 1, any}, known_command{"QUIT", 0, 0},
    known_command{"STAT", 0, 0}, known_command{"LIST", 0, 1},   known_command{"RETR", 1, 1},
    known_command{"DELE", 1, 1}, known_command{"NOOP", 0, 0},   known_command{"RSET", 0, 0},
    known_command{"TOP", 2, 2},  known_command{"UIDL", 0, 1},   known_command{"APOP", 2, 2},
    known_command{"CAPA", 0, 0}, known_command{"STLS", 0, 0},   known_command{"AUTH", 0, 2},
    known_command{"UTF8", 0, 0}, known_command{"LANG", 0, 1},
};

/// Takes `word` and what separates it off the front of `line`.
bool take_word(std::string_view& line, std::string_view word) noexcept {
  if (!line.starts_with(word) || (line.size() > word.size() && line[word.size()] != ' '))
    return false;
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return true;
}

} // namespace

void exchange::set_command(std::string_view line) {
  const auto word = line.substr(0, line.find(' '));
  for (const unsigned char c : word)
    command_ += static_cast<char>(std::toupper(c));
  for (line.remove_prefix(word.size()); !line.empty() && arguments_.size() < arguments_limit;) {
    line.remove_prefix(1); // the blank
    const auto argument = line.substr(0, line.find(' '));
    if (!argument.empty())
      arguments_.emplace_back(argument);
    line.remove_prefix(argument.size());
  }
  const auto* entry = std::find_if(known.begin(), known.end(),
                                   [&](const auto& one) { return one.name == command_; });
  if (entry == known.end())
    raise("unknown_command");
  else if (arguments_.size() < entry->least || arguments_.size() > entry->most)
    raise("incorrect_argument_num");
  complete(direction::to_server);
}

bool exchange::set_status(std::string_view line) {
  is_success_ = take_word(line, "+OK");
  if (!is_success_ && !take_word(line, "-ERR"))
    return false;
  has_status_ = true;
  header_ = line;
  advance(direction::to_client, static_cast<progress>(response_progress::status));
  return true;
}

void exchange::add_line(std::string_view line) {
  if (line.starts_with('.')) // a dot at the beginning is doubled (RFC 1939 section 3)
    line.remove_prefix(1);
  if (lines_.size() >= retained_lines || retained_ + line.size() > retained_bytes)
    return;
  retained_ += line.size();
  lines_.emplace_back(line);
}

bool exchange::wants_lines() const noexcept {
  if (!is_success_)
    return false;
  if (command_ == "LIST" || command_ == "UIDL" || command_ == "AUTH" || command_ == "LANG")
    return arguments_.empty();
  return command_ == "RETR" || command_ == "TOP" || command_ == "CAPA";
}

void exchange::write_members(json_writer& json) const {
  if (!command_.empty()) {
    json.key("request").begin_object().member("command", command_).key("args").begin_array();
    for (const auto& one : arguments_)
      json.text(one);
    json.end_array().end_object();
  }
  if (!has_status_)
    return;
  json.key("response").begin_object().member("success", is_success_);
  json.member("status", is_success_ ? "OK" : "ERR").member("header", header_);
  json.key("data").begin_array();
  for (const auto& one : lines_)
    json.text(one);
  json.end_array().end_object();
}

} // namespace cresset::detect::proto::pop3
