#include "detect/proto/imap/parser.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::imap {
namespace {

bool equals_caseless(std::string_view text, std::string_view upper) noexcept {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 32 : a) == b; });
}

} // namespace

constinit const protocol_description description{"imap", {}, {}};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  auto text = as_text(bytes);
  while (!text.empty() && !has_changed_) {
    const auto end = text.find('\n');
    const auto piece = text.substr(0, end);
    mine.line += piece.substr(0, line_limit_bytes - std::min(line_limit_bytes, mine.line.size()));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end == std::string_view::npos)
      break;
    auto line = std::exchange(mine.line, {});
    if (line.ends_with('\r'))
      line.pop_back();
    if (!std::exchange(mine.skips_line, false))
      on_line(way, line);
  }
  if (has_changed_) {
    left_over_[index(way)] = as_bytes(text);
    return parse_status::changed;
  }
  return mine.line.empty() ? parse_status::consumed : parse_status::need_more;
}

void parser::on_line(direction way, std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space == 0)
    return;
  const auto tag = line.substr(0, space);
  const auto rest = line.substr(space + 1);
  const auto word = rest.substr(0, rest.find(' '));
  if (way == direction::to_server) {
    if (equals_caseless(word, "STARTTLS"))
      starttls_tag_ = tag;
  } else if (!starttls_tag_.empty() && tag == starttls_tag_) {
    has_changed_ = equals_caseless(word, "OK");
    starttls_tag_.clear();
  }
}

parse_status parser::gap(direction way, std::uint64_t) {
  halves_[index(way)] = {.line = {}, .skips_line = true};
  return parse_status::resynchronised;
}

} // namespace cresset::detect::proto::imap
