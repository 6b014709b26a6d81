#include "detect/proto/smtp/mail.hpp"

#include <algorithm>
#include <cctype>

namespace cresset::detect::proto::smtp {
namespace {

bool equal_in_any_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

/// The addresses of a header: parted by commas that do not stand in quotes.
std::vector<std::string_view> addresses_in(std::string_view header) {
  std::vector<std::string_view> all;
  bool quoted = false;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    auto one = header.substr(begin, end - begin);
    while (!one.empty() && one.front() == ' ')
      one.remove_prefix(1);
    if (!one.empty() && all.size() < mail::recipients_limit)
      all.push_back(one);
    begin = end + 1;
  };
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == '"')
      quoted = !quoted;
    else if (header[i] == ',' && !quoted)
      take(i);
  }
  take(header.size());
  return all;
}

} // namespace

void mail::set_sender(std::string_view address) {
  if (sender_) {
    raise("duplicate_fields");
    return;
  }
  sender_ = address;
}

void mail::add_recipient(std::string_view address) {
  if (recipients_.size() < recipients_limit)
    recipients_.emplace_back(address);
}

void mail::content_line(std::string_view text, bool is_whole) {
  has_content_ = true;
  advance(direction::to_server, static_cast<progress>(mail_progress::content));
  reader_.line(text, is_whole);
}

void mail::complete() {
  if (has_content_)
    reader_.end();
  advance(direction::to_server, progress_done);
  advance(direction::to_client, progress_done);
}

void mail::header(std::string_view name, std::string_view value) {
  const auto set = [&](const char* wanted, std::optional<std::string>& field) {
    if (!field && equal_in_any_case(name, wanted))
      field = value;
  };
  set("From", from_);
  set("To", to_);
  set("Cc", cc_);
  set("Subject", subject_);
  set("Date", date_);
  set("Message-Id", message_id_);
  set("X-Mailer", x_mailer_);
  if (equal_in_any_case(name, "Received") && received_.size() < received_limit)
    received_.emplace_back(value);
}

/// Links in the text, without their scheme, as the event log has them.
void mail::text(std::string_view line) {
  constexpr std::string_view scheme = "http://";
  for (std::size_t at = line.find(scheme); at != std::string_view::npos;
       at = line.find(scheme, at)) {
    at += scheme.size();
    const auto end = line.find_first_of(" \t\r\n\"'<>", at);
    const auto link = line.substr(
        at, std::min(end == std::string_view::npos ? line.size() - at : end - at, link_bytes));
    if (!link.empty() && links_.size() < links_limit)
      links_.emplace_back(link);
  }
}

void mail::file_begins(std::string_view name) {
  file_is_open_ = files_.size() < files_limit;
  if (file_is_open_)
    files_.push_back({.name = std::string{name}});
}
void mail::file_bytes(byte_view bytes) {
  if (file_is_open_)
    files_.back().content.append(bytes);
}
void mail::file_ends(bool is_whole) {
  if (!file_is_open_)
    return;
  file_is_open_ = false;
  files_.back().is_cut = !is_whole;
  files_.back().content.complete();
}

const std::optional<std::string>* mail::single_of(buffer_index which) const noexcept {
  switch (which) {
  case buffer_index::mail_from: return &sender_;
  case buffer_index::from: return &from_;
  case buffer_index::to: return &to_;
  case buffer_index::cc: return &cc_;
  case buffer_index::subject: return &subject_;
  case buffer_index::date: return &date_;
  case buffer_index::message_id: return &message_id_;
  case buffer_index::x_mailer: return &x_mailer_;
  default: return nullptr;
  }
}

const std::vector<std::string>* mail::list_of(buffer_index which) const noexcept {
  switch (which) {
  case buffer_index::rcpt_to: return &recipients_;
  case buffer_index::received: return &received_;
  case buffer_index::url: return &links_;
  default: return nullptr;
  }
}

std::size_t mail::instances(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  if (which == buffer_index::helo)
    return helo_.empty() ? 0 : 1;
  if (which == buffer_index::file_data)
    return files_.size();
  if (const auto* one = single_of(which))
    return one->has_value() ? 1 : 0;
  const auto* list = list_of(which);
  return list == nullptr ? 0 : list->size();
}

std::optional<byte_view> mail::buffer(buffer_id id, std::size_t instance) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  if (which == buffer_index::file_data || instance >= instances(id))
    return std::nullopt;
  if (which == buffer_index::helo)
    return as_bytes(helo_);
  if (const auto* one = single_of(which))
    return as_bytes(**one);
  return as_bytes((*list_of(which))[instance]);
}

body_view mail::body(buffer_id id) const noexcept {
  if (static_cast<buffer_index>(id) != buffer_index::file_data || files_.empty())
    return {};
  return files_.front().content.view();
}

std::size_t mail::files(direction way) const noexcept {
  return way == direction::to_server ? files_.size() : 0;
}

file_view mail::file(direction way, std::size_t i) const noexcept {
  if (i >= files(way))
    return {};
  return {files_[i].name, files_[i].content.view(), files_[i].is_cut};
}

void mail::write_members(json_writer& json) const {
  if (!helo_.empty())
    json.member("helo", helo_);
  if (sender_)
    json.member("mail_from", *sender_);
  if (recipients_.empty())
    return;
  json.key("rcpt_to").begin_array();
  for (const auto& one : recipients_)
    json.text(one);
  json.end_array();
}

void mail::write_siblings(json_writer& json) const {
  if (!has_content_)
    return;
  const auto list = [&](const char* name, const auto& texts) {
    if (texts.empty())
      return;
    json.key(name).begin_array();
    for (const auto& one : texts)
      json.text(one);
    json.end_array();
  };
  json.key("email").begin_object().member("status", is_done() ? "PARSE_DONE" : "PARSE_STARTED");
  if (from_)
    json.member("from", *from_);
  list("to", addresses_in(to_.value_or("")));
  list("cc", addresses_in(cc_.value_or("")));
  if (!files_.empty()) {
    json.key("attachment").begin_array();
    for (const auto& one : files_)
      json.text(one.name);
    json.end_array();
  }
  list("url", links_);
  json.end_object();
}

} // namespace cresset::detect::proto::smtp
