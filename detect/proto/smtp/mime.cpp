// A mail is a head, an empty line and a body; a multipart's body is parts of the same form between
// delimiters, and a part that is a mail begins a head again. So the reader is in a head, between
// parts, or in a body, and every line is first held against the boundaries that are open, innermost
// first.
#include "detect/proto/smtp/mime.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace cresset::detect::proto::smtp {
namespace {

constexpr std::string_view blanks = " \t";

bool equal_in_any_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}
bool begins_in_any_case(std::string_view text, std::string_view with) noexcept {
  return equal_in_any_case(text.substr(0, with.size()), with);
}
std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Calls `see(name, value)` for each parameter behind a header's value, without quotes.
template <typename See>
void for_each_parameter(std::string_view header, See see) {
  auto at = header.find(';');
  while (at < header.size()) {
    const auto begin = ++at;
    bool quoted = false;
    while (at < header.size() && (quoted || header[at] != ';')) {
      if (quoted && header[at] == '\\')
        ++at;
      else if (header[at] == '"')
        quoted = !quoted;
      ++at;
    }
    at = std::min(at, header.size());
    const auto one = header.substr(begin, at - begin);
    const auto equals = one.find('=');
    if (equals == std::string_view::npos)
      continue;
    auto value = trimmed(one.substr(equals + 1));
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      value = value.substr(0, value.rfind('"'));
    }
    see(trimmed(one.substr(0, equals)), value);
  }
}

/// Takes the charset and the percent signs out of an extended value (RFC 2231 4): utf-8'en'a%20b.
std::string plain_of(std::string_view extended) {
  if (const auto mark = extended.find('\''); mark != std::string_view::npos)
    if (const auto second = extended.find('\'', mark + 1); second != std::string_view::npos)
      extended.remove_prefix(second + 1);
  std::string plain;
  for (std::size_t i = 0; i < extended.size(); ++i) {
    const int high =
        extended[i] == '%' && i + 2 < extended.size() ? hex_value(extended[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(extended[i + 2]) : -1;
    if (low < 0) {
      plain += extended[i];
      continue;
    }
    plain += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return plain;
}

/// The value of a parameter behind a header's value: `; name=value`, `; name="value"`, and the
/// continued and extended forms of RFC 2231 (`name*0=`, `name*=`, `name*1*=`), in their order.
std::string parameter_of(std::string_view header, std::string_view name) {
  std::string found;
  for_each_parameter(header, [&](std::string_view one, std::string_view value) {
    if (equal_in_any_case(one, name)) {
      if (found.empty())
        found = value;
    } else if (begins_in_any_case(one, name) && one.size() > name.size() &&
               one[name.size()] == '*' && found.size() < mime_limits::header_bytes) {
      if (one.ends_with('*'))
        found += plain_of(value);
      else
        found += value;
    }
  });
  return found;
}

constexpr auto base64_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < letters.size(); ++i)
    values[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  return values;
}();

} // namespace

void mime_reader::line(std::string_view text, bool is_whole) {
  const bool goes_on = std::exchange(in_line_, !is_whole);
  if (goes_on || text.size() > mime_limits::odd_line_bytes)
    listener_.damaged("mime_long_line");
  if (place_ == place::body && entity_.packed != encoding::none &&
      (goes_on || text.size() > mime_limits::odd_encoded_bytes))
    listener_.damaged("mime_long_enc_line");
  if (!goes_on && text.starts_with("--") && is_delimiter(text))
    return;
  switch (place_) {
  case place::head: return head_line(text);
  case place::between_parts: return;
  case place::body: return body_line(text, is_whole);
  }
}

void mime_reader::end() {
  if (place_ == place::head)
    end_head();
  end_body(boundaries_.empty());
  place_ = place::between_parts;
}

/// A delimiter ends all parts inside its multipart; with two dashes more the multipart as well.
bool mime_reader::is_delimiter(std::string_view text) {
  for (std::size_t i = boundaries_.size(); i-- > 0;) {
    const auto& boundary = boundaries_[i];
    if (!text.substr(2).starts_with(boundary))
      continue;
    if (place_ == place::head)
      end_head();
    end_body(true);
    const bool is_last = text.substr(2 + boundary.size()).starts_with("--");
    boundaries_.resize(is_last ? i : i + 1);
    place_ = is_last ? place::between_parts : place::head;
    entity_ = {};
    return true;
  }
  return false;
}

void mime_reader::head_line(std::string_view text) {
  if (text.empty()) {
    end_head();
    return;
  }
  const bool goes_on = blanks.find(text.front()) != std::string_view::npos;
  if (!goes_on)
    end_header();
  if (open_header_.size() + text.size() > mime_limits::header_bytes) {
    listener_.damaged("mime_long_header_value");
    text = text.substr(0, mime_limits::header_bytes -
                              std::min(open_header_.size(), mime_limits::header_bytes));
  }
  if (goes_on && !open_header_.empty())
    open_header_ += ' ';
  open_header_ += goes_on ? trimmed(text) : text;
}

void mime_reader::end_header() {
  const auto header = std::move(open_header_);
  open_header_.clear();
  if (header.empty())
    return;
  const auto colon = header.find(':');
  if (colon == std::string::npos)
    return;
  const auto name = trimmed(std::string_view{header}.substr(0, colon));
  const auto value = trimmed(std::string_view{header}.substr(colon + 1));
  if (name.size() > mime_limits::odd_name_bytes)
    listener_.damaged("mime_long_header_name");
  if (value.size() > settings_.header_value_limit)
    listener_.damaged("mime_long_header_value");
  if (in_top_head_)
    listener_.header(name, value);
  if (equal_in_any_case(name, "Content-Transfer-Encoding")) {
    if (begins_in_any_case(value, "base64") && settings_.decode_base64)
      entity_.packed = encoding::base64;
    else if (begins_in_any_case(value, "quoted-printable") && settings_.decode_quoted_printable)
      entity_.packed = encoding::quoted_printable;
  } else if (equal_in_any_case(name, "Content-Type")) {
    entity_.is_mail = begins_in_any_case(value, "message/rfc822");
    entity_.is_text = begins_in_any_case(value, "text/");
    if (begins_in_any_case(value, "multipart/")) {
      entity_.boundary = parameter_of(value, "boundary");
      if (entity_.boundary.size() > mime_limits::boundary_bytes) {
        listener_.damaged("mime_long_boundary");
        entity_.boundary.resize(mime_limits::boundary_bytes);
      }
    }
    if (entity_.file_name.empty())
      entity_.file_name = parameter_of(value, "name");
  } else if (equal_in_any_case(name, "Content-Disposition")) {
    if (const auto file = parameter_of(value, "filename"); !file.empty())
      entity_.file_name = file;
  }
}

void mime_reader::end_head() {
  end_header();
  in_top_head_ = false;
  place_ = place::body;
  has_content_ = false;
  base64_count_ = 0;
  if (!entity_.boundary.empty() && boundaries_.size() < mime_limits::depth) {
    boundaries_.push_back(std::move(entity_.boundary));
    entity_ = {};
    place_ = place::between_parts;
    return;
  }
  if (entity_.is_mail) { // a mail within: its head begins here
    entity_ = {};
    place_ = place::head;
    return;
  }
  if (entity_.file_name.empty())
    return;
  if (entity_.file_name.size() > mime_limits::file_name_bytes) {
    listener_.damaged("mime_long_filename");
    entity_.file_name.resize(mime_limits::file_name_bytes);
  }
  is_open_file_ = true;
  listener_.file_begins(entity_.file_name);
}

void mime_reader::end_body(bool is_whole) {
  if (is_open_file_)
    listener_.file_ends(is_whole);
  is_open_file_ = false;
  listener_.text_line_ends();
}

void mime_reader::give(std::string_view bytes) {
  if (is_open_file_)
    listener_.file_bytes(as_bytes(bytes));
  else if (entity_.is_text)
    listener_.text(bytes);
}

void mime_reader::body_line(std::string_view text, bool is_whole) {
  switch (entity_.packed) {
  case encoding::base64: return base64_line(text);
  case encoding::quoted_printable: return quoted_line(text, is_whole);
  case encoding::none:
    if (has_content_ && is_open_file_)
      listener_.file_bytes(as_bytes("\r\n"));
    has_content_ = is_whole;
    give(text);
    if (is_whole)
      listener_.text_line_ends();
    return;
  }
}

void mime_reader::base64_line(std::string_view text) {
  std::string decoded;
  for (const char c : text) {
    const int value = base64_values[static_cast<unsigned char>(c)];
    if (value < 0) {
      // Padding fills a group, also in the middle and at a line's begin: the next one starts
      // afresh.
      if (c == '=' && base64_count_ % 4 >= 2)
        ++base64_count_;
      else if (c != '=' && c != ' ' && c != '\t')
        listener_.damaged("mime_invalid_base64");
      continue;
    }
    base64_bits_ = base64_bits_ << 6 | static_cast<std::uint32_t>(value);
    // Four letters make three bytes; of a last group of two or three, one or two.
    if (++base64_count_ % 4 != 1)
      decoded += static_cast<char>(base64_bits_ >> (6 - 2 * ((base64_count_ - 1) % 4)));
  }
  if (!decoded.empty())
    give(decoded);
}

void mime_reader::quoted_line(std::string_view text, bool is_whole) {
  std::string decoded;
  bool is_soft = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      decoded += text[i];
      continue;
    }
    if (text.find_first_not_of(blanks, i + 1) == std::string_view::npos) {
      is_soft = true; // blanks at the end of a line are transport's (RFC 2045 6.7)
      break;
    }
    const int high = hex_value(text[i + 1]);
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      listener_.damaged("mime_invalid_qp");
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  if (!is_soft && is_whole)
    decoded += "\r\n";
  give(decoded);
}

} // namespace cresset::detect::proto::smtp
