#include "coord/journal/export_line.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/signed/canonical_json.hpp"

#include <charconv>

namespace cresset::coord::journal {
namespace {

std::optional<std::int64_t> number_of(const signed_::json_value& from, std::string_view name) {
  const auto text = from.text_of(name);
  std::int64_t value = 0;
  if (!text)
    return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  return read.ec == std::errc{} && read.ptr == text->data() + text->size() ? std::optional{value}
                                                                           : std::nullopt;
}

bool read_digest(const signed_::json_value& from, std::string_view name, signed_::digest& into) {
  const auto text = from.text_of(name);
  const auto read = text ? signed_::digest::parse(*text) : std::nullopt;
  if (read)
    into = *read;
  return read.has_value();
}

} // namespace

std::string export_line(const entry& one) {
  std::string line;
  json_writer json{line};
  json.begin_object()
      .member("sequence", std::to_string(one.sequence))
      .member("at_ns", std::to_string(to_ns(one.at)))
      .member("kind", one.kind)
      .member("incident", std::to_string(one.incident.value))
      .member("group", std::to_string(one.group.value));
  if (one.salt && one.body)
    json.member("salt", signed_::to_hex(*one.salt)).member("body", *one.body);
  json.member("body_hash", one.body_hash.hex())
      .member("previous", one.previous.hex())
      .member("hash", one.hash.hex())
      .end_object();
  return line;
}

std::optional<entry> read_export_line(std::string_view line) {
  const auto read = signed_::read_json(line);
  if (!read)
    return std::nullopt;
  const auto sequence = number_of(*read, "sequence");
  const auto at = number_of(*read, "at_ns");
  const auto incident = number_of(*read, "incident");
  const auto group = number_of(*read, "group");
  const auto kind = read->text_of("kind");
  entry one;
  if (!sequence || !at || !incident || !group || !kind ||
      !read_digest(*read, "body_hash", one.body_hash) ||
      !read_digest(*read, "previous", one.previous) || !read_digest(*read, "hash", one.hash))
    return std::nullopt;
  one.sequence = *sequence;
  one.at = timestamp_from_ns(*at);
  one.kind = *kind;
  one.incident = {*incident};
  one.group = {*group};
  if (const auto hex = read->text_of("salt")) {
    one.salt.emplace();
    const auto body = read->text_of("body");
    if (!body || !signed_::from_hex(*hex, *one.salt))
      return std::nullopt;
    one.body = *body;
  }
  return one;
}

} // namespace cresset::coord::journal
