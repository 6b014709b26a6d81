#include "detect/rule/options/bits_match.hpp"

#include <utility>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

using mode = bits_match::mode;
using letter_bit = std::pair<char, std::uint32_t>;
using named_bit = std::pair<std::string_view, std::uint32_t>;

constexpr letter_bit tcp_flags[] = {{'F', 1},   {'S', 2},   {'R', 4},  {'P', 8},
                                    {'A', 16},  {'U', 32},  {'E', 64}, {'2', 64},
                                    {'C', 128}, {'1', 128}, {'0', 0}};
constexpr letter_bit fragment_bits[] = {{'M', 1}, {'D', 2}, {'R', 4}};

constexpr named_bit ip_options[] = {{"rr", 1 << 0},    {"lsrr", 1 << 1},  {"eol", 1 << 2},
                                    {"nop", 1 << 3},   {"ts", 1 << 4},    {"sec", 1 << 5},
                                    {"ssrr", 1 << 6},  {"satid", 1 << 7}, {"esec", 1 << 8},
                                    {"lsrre", 1 << 1}, {"any", 0xffff}};
constexpr named_bit ssl_versions[] = {{"sslv2", 1 << 0},  {"sslv3", 1 << 1},  {"tls1.0", 1 << 2},
                                      {"tls1.1", 1 << 3}, {"tls1.2", 1 << 4}, {"tls1.3", 1 << 5}};
constexpr named_bit ssl_states[] = {{"client_hello", 1 << 0},
                                    {"server_hello", 1 << 1},
                                    {"client_keyx", 1 << 2},
                                    {"server_keyx", 1 << 3},
                                    {"unknown", 1 << 4}};
constexpr named_bit mqtt_flags[] = {{"retain", 0x01}, {"dup", 0x08}};
constexpr named_bit mqtt_connect_flags[] = {{"clean_session", 0x02},
                                            {"will", 0x04},
                                            {"will_retain", 0x20},
                                            {"password", 0x40},
                                            {"username", 0x80}};
constexpr named_bit websocket_flags[] = {{"fin", 0x80}, {"comp", 0x40}};
// The two bytes of the internal indications as they stand in the header, first byte high (IEEE
// 1815).
constexpr named_bit dnp3_indications[] = {
    {"all_stations", 0x0100},      {"class_1_events", 0x0200},  {"class_2_events", 0x0400},
    {"class_3_events", 0x0800},    {"need_time", 0x1000},       {"local_control", 0x2000},
    {"device_trouble", 0x4000},    {"device_restart", 0x8000},  {"no_func_code_support", 0x0001},
    {"object_unknown", 0x0002},    {"parameter_error", 0x0004}, {"event_buffer_overflow", 0x0008},
    {"already_executing", 0x0010}, {"config_corrupt", 0x0020},  {"reserved_2", 0x0040},
    {"reserved_1", 0x0080},
};

struct letters_keyword {
  std::string_view keyword;
  std::string_view name;
  std::span<const letter_bit> letters;
  bool ignores; ///< bits to ignore may follow a comma
};
constexpr letters_keyword letters_keywords[] = {{"tcp.flags", "tcp.flags", tcp_flags, true},
                                                {"flags", "tcp.flags", tcp_flags, true},
                                                {"fragbits", "fragbits", fragment_bits, false}};

struct names_keyword {
  std::string_view keyword;
  std::string_view protocols;
  std::span<const named_bit> names;
  char separator;
  mode positive; ///< what the names without '!' mean together
};
constexpr names_keyword names_keywords[] = {
    {"ipopts", "", ip_options, ',', mode::any},
    {"ssl_version", "tls", ssl_versions, ',', mode::any},
    {"ssl_state", "tls", ssl_states, '|', mode::any},
    {"mqtt.flags", "mqtt", mqtt_flags, ',', mode::listed},
    {"mqtt.connect.flags", "mqtt", mqtt_connect_flags, ',', mode::listed},
    {"websocket.flags", "websocket", websocket_flags, ',', mode::listed},
    {"dnp3_ind", "dnp3", dnp3_indications, ',', mode::any},
};

parsed<std::uint32_t> read_letters(text_cursor in, std::span<const letter_bit> letters) {
  std::uint32_t bits = 0;
  if (in.empty())
    return in.fail(errc::syntax, "letters of flags are expected");
  for (const char c : in.rest()) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    bool known = c == ' ';
    for (const auto& [letter, bit] : letters)
      if (letter == upper) {
        bits |= bit;
        known = true;
      }
    if (!known)
      return in.fail(errc::unknown_value, std::string{"no flag has the letter '"} + c + "'");
  }
  return bits;
}

parsed<bits_match> read_letters_keyword(const letters_keyword& keyword, text_cursor in) {
  bits_match made;
  made.field = keyword.name;
  auto wanted = in.until(',');
  const auto ignored = in.trimmed();
  if (!ignored.empty() && !keyword.ignores)
    return ignored.fail(errc::syntax, "there is text behind the bits");
  // The sign may stand on either side of the letters.
  auto text = wanted.rest();
  if (!text.empty() && std::string_view{"+*!="}.find(text.back()) != std::string_view::npos &&
      text.size() > 1) {
    made.how = text.back() == '+'   ? mode::all
               : text.back() == '*' ? mode::any
               : text.back() == '!' ? mode::none
                                    : mode::exact;
    wanted = text_cursor{text.substr(0, text.size() - 1), wanted.position()};
  } else if (wanted.skip("+")) {
    made.how = mode::all;
  } else if (wanted.skip("*")) {
    made.how = mode::any;
  } else if (wanted.skip("!")) {
    made.how = mode::none;
  } else {
    wanted.skip("=");
  }
  const auto bits = read_letters(wanted, keyword.letters);
  if (!bits)
    return unexpected{bits.error()};
  made.wanted = *bits;
  if (!ignored.empty()) {
    const auto skipped = read_letters(ignored, keyword.letters);
    if (!skipped)
      return unexpected{skipped.error()};
    made.ignored = *skipped;
  }
  return made;
}

parsed<bits_match> read_names_keyword(const names_keyword& keyword, text_cursor in) {
  bits_match made;
  made.field = keyword.keyword;
  made.protocols = keyword.protocols;
  made.how = keyword.positive;
  const auto pieces = text::split(in, keyword.separator);
  if (!pieces)
    return unexpected{pieces.error()};
  for (auto piece : *pieces) {
    const bool negated = piece.skip("!");
    piece.skip_blanks();
    const auto* found = keyword.names.data();
    const auto* end = found + keyword.names.size();
    while (found != end && !text::equals_caseless(found->first, piece.rest()))
      ++found;
    if (found == end)
      return piece.fail(errc::unknown_value, "no such flag: '" + std::string{piece.rest()} + "'");
    (negated ? made.unwanted : made.wanted) |= found->second;
  }
  if ((made.wanted & made.unwanted) != 0)
    return in.fail(errc::contradiction, "a flag is both wanted and unwanted");
  if (made.how != mode::listed && made.unwanted != 0) {
    if (made.wanted != 0)
      return in.fail(errc::contradiction, "all names have a ! or none has");
    made.how = mode::listed;
  }
  return made;
}

} // namespace

std::optional<parsed<bits_match>> parse_bits_match(std::string_view keyword, text_cursor in) {
  in = in.trimmed();
  for (const auto& entry : letters_keywords)
    if (entry.keyword == keyword)
      return read_letters_keyword(entry, in);
  for (const auto& entry : names_keywords)
    if (entry.keyword == keyword) {
      // Some of these are numbers as well: `websocket.flags:&0xc0=0x80`.
      const auto first = in.rest().find_first_not_of("! ");
      const bool is_number =
          first != std::string_view::npos &&
          std::string_view{"&<>=0123456789"}.find(in.rest()[first]) != std::string_view::npos;
      if (!is_number)
        return read_names_keyword(entry, in);
      return std::nullopt;
    }
  return std::nullopt;
}

} // namespace cresset::detect::rule::options
