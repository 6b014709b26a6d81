#include "detect/rule/options/flow.hpp"

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

/// Sets one of several things that exclude each other; false when another one was set before.
template <typename T>
bool set(T& field, T unset, T value) {
  if (field != unset && field != value)
    return false;
  field = value;
  return true;
}

bool set_way(std::optional<way>& field, way value) {
  if (field && *field != value)
    return false;
  field = value;
  return true;
}

parsed<bool> read_word(flow& made, text_cursor piece) {
  const auto word = text::lower(piece.rest());
  if (word == "established")
    return set(made.is, flow::state::any, flow::state::established);
  if (word == "not_established")
    return set(made.is, flow::state::any, flow::state::not_established);
  if (word == "stateless")
    return set(made.is, flow::state::any, flow::state::stateless);
  if (word == "to_server" || word == "from_client")
    return set_way(made.direction, way::to_server);
  if (word == "to_client" || word == "from_server")
    return set_way(made.direction, way::to_client);
  if (word == "only_stream")
    return set(made.seen_as, flow::stream::any, flow::stream::only_stream);
  if (word == "no_stream")
    return set(made.seen_as, flow::stream::any, flow::stream::no_stream);
  if (word == "only_frag")
    return set(made.from, flow::fragment::any, flow::fragment::only_frag);
  if (word == "no_frag")
    return set(made.from, flow::fragment::any, flow::fragment::no_frag);
  return piece.fail(errc::unknown_value,
                    "no such word of flow: '" + std::string{piece.rest()} + "'");
}

} // namespace

parsed<flow> parse_flow(text_cursor in) {
  const auto pieces = text::split(in, ',', 8);
  if (!pieces)
    return unexpected{pieces.error()};
  flow made;
  for (const auto& piece : *pieces) {
    const auto fits = read_word(made, piece);
    if (!fits)
      return unexpected{fits.error()};
    if (!*fits)
      return piece.fail(errc::contradiction, "the words of flow exclude each other");
  }
  return made;
}

} // namespace cresset::detect::rule::options
