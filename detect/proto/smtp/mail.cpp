#include "detect/proto/smtp/mail.hpp"

#include "capture/base/ip_address.hpp"
#include "detect/proto/digest.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

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

/// What a link leads to, as the event log tells it.
bool leads_to_executable(std::string_view link) noexcept {
  constexpr std::array<std::string_view, 6> endings{".exe", ".vbs", ".bin", ".cmd", ".bat", ".jar"};
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
    for (auto at = link.find(ending); at != std::string_view::npos; at = link.find(ending, at + 1))
      if (at + ending.size() == link.size() ||
          std::isalnum(static_cast<unsigned char>(link[at + ending.size()])) == 0)
        return true;
    return false;
  });
}

std::string_view host_of(std::string_view link) noexcept {
  link = link.substr(0, link.find('/'));
  if (link.starts_with('['))
    return link.substr(1, link.find(']') - 1);
  return link.substr(0, link.find(':'));
}

constexpr file_settings only_md5{.md5 = true};

/// Headers that the event log shows when it is asked to, by their names in both.
struct logged_header {
  std::string_view header;
  std::string_view member;
  bool is_list;
};
constexpr std::array other_headers{
    logged_header{"Reply-To", "reply_to", false},
    logged_header{"Bcc", "bcc", true},
    logged_header{"User-Agent", "user_agent", false},
    logged_header{"X-Originating-IP", "x_originating_ip", true},
    logged_header{"In-Reply-To", "in_reply_to", false},
    logged_header{"References", "references", true},
    logged_header{"Importance", "importance", false},
    logged_header{"Priority", "priority", false},
    logged_header{"Sensitivity", "sensitivity", false},
    logged_header{"Organization", "organization", false},
    logged_header{"Content-MD5", "content_md5", false},
};

} // namespace

mail::mail(std::uint64_t number, const std::string& helo, const settings& wanted,
           const file_settings& files)
    : transaction{number}, settings_{wanted}, file_settings_{files}, helo_{helo},
      reader_{static_cast<mime_reader::listener&>(*this), wanted} {
  if (wanted.body_md5)
    body_digest_ = std::make_unique<file_meter>(only_md5);
}

mail::~mail() = default;

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
  if (body_digest_ && !reader_.is_in_head()) {
    body_digest_->append(as_bytes(text), {}, true);
    if (is_whole)
      body_digest_->append(as_bytes("\r\n"), {}, true);
  }
  reader_.line(text, is_whole);
}

void mail::end_content() {
  if (std::exchange(is_over_, true))
    return;
  if (has_content_)
    reader_.end();
  find_links();
  if (body_digest_)
    body_digest_->finish();
  advance(direction::to_server, progress_done);
}

void mail::complete() {
  end_content();
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
  for (const auto& other : other_headers)
    if (equal_in_any_case(name, other.header) && logs(other.member) &&
        other_headers_.size() < headers_limit)
      other_headers_.emplace_back(other.member, value);
}

/// The text comes in pieces of lines; a link does not go over a line's end.
void mail::text(std::string_view piece) {
  if (!settings_.extract_urls)
    return;
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    const auto part = piece.substr(0, end);
    text_line_ += part.substr(0, text_line_bytes - std::min(text_line_bytes, text_line_.size()));
    if (end == std::string_view::npos)
      return;
    find_links();
    piece.remove_prefix(end + 1);
  }
}

/// Links in the line of text that is over, without their scheme unless the log wants it.
void mail::find_links() {
  const std::string line = std::exchange(text_line_, {});
  for (const auto& scheme : settings_.url_schemes) {
    const auto begin = scheme + "://";
    for (auto at = line.find(begin); at != std::string::npos; at = line.find(begin, at)) {
      const auto host = at + begin.size();
      const auto end = line.find_first_of(" \t\r\n\"'<>", host);
      const auto size = (end == std::string::npos ? line.size() : end) - host;
      const auto link = std::string_view{line}.substr(host, std::min(size, link_bytes));
      at = host;
      if (link.empty() || links_.size() >= links_limit)
        continue;
      links_.push_back((settings_.log_url_scheme ? begin : std::string{}) + std::string{link});
      const auto address = ip_address::parse(host_of(link));
      has_executable_link_ = has_executable_link_ || leads_to_executable(link);
      has_ipv4_link_ = has_ipv4_link_ || (address && address->is_v4());
      has_ipv6_link_ = has_ipv6_link_ || (address && !address->is_v4());
    }
  }
}

void mail::file_begins(std::string_view name) {
  file_is_open_ = files_.size() < files_limit;
  if (file_is_open_)
    files_.push_back({.name = std::string{name},
                      .content = gathered_body{settings_.file_limit_bytes, file_settings_}});
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
  json.key("email").begin_object().member("status", is_over_ ? "PARSE_DONE" : "PARSE_STARTED");
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
  if (has_executable_link_)
    json.member("has_exe_url", true);
  if (has_ipv4_link_)
    json.member("has_ipv4_url", true);
  if (has_ipv6_link_)
    json.member("has_ipv6_url", true);
  write_headers(json);
  if (body_digest_ && !body_digest_->md5().empty())
    json.member("body_md5", body_digest_->md5());
  if (settings_.subject_md5 && subject_)
    json.member("subject_md5", md5_hex(*subject_));
  json.end_object();
}

bool mail::logs(std::string_view header) const noexcept {
  return settings_.logs_all_headers ||
         std::find(settings_.logged_headers.begin(), settings_.logged_headers.end(), header) !=
             settings_.logged_headers.end();
}

/// The headers that the configuration asks for.
void mail::write_headers(json_writer& json) const {
  const auto one = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value && logs(name))
      json.member(name, *value);
  };
  one("subject", subject_);
  one("date", date_);
  one("message_id", message_id_);
  one("x_mailer", x_mailer_);
  if (!received_.empty() && logs("received")) {
    json.key("received").begin_array();
    for (const auto& line : received_)
      json.text(line);
    json.end_array();
  }
  for (const auto& wanted : other_headers) {
    bool is_open = false;
    for (const auto& [member, value] : other_headers_) {
      if (member != wanted.member)
        continue;
      if (!wanted.is_list) {
        json.member(member, value);
        break;
      }
      if (!std::exchange(is_open, true))
        json.key(member).begin_array();
      json.text(value);
    }
    if (is_open)
      json.end_array();
  }
}

} // namespace cresset::detect::proto::smtp
