#include "detect/rule/payload/buffer_tests.hpp"

#include <utility>

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::uint64_t hashsize_limit = 16u << 20;

constexpr std::pair<std::string_view, dataset_type> types[] = {
    {"string", dataset_type::string}, {"md5", dataset_type::md5}, {"sha256", dataset_type::sha256},
    {"ipv4", dataset_type::ipv4},     {"ip", dataset_type::ip},
};
constexpr std::pair<std::string_view, dataset::action> actions[] = {
    {"isset", dataset::action::isset},
    {"isnotset", dataset::action::isnotset},
    {"set", dataset::action::set},
    {"unset", dataset::action::unset},
};

/// `word value`: true when `piece` begins with the word, which is then skipped.
bool takes(text_cursor& piece, std::string_view word) {
  auto ahead = piece;
  if (!text::equals_caseless(ahead.word(), word))
    return false;
  ahead.skip_blanks();
  piece = ahead;
  return true;
}

std::optional<std::uint64_t> size_in_bytes(text_cursor in) {
  const auto read = in.number();
  if (!read)
    return std::nullopt;
  std::uint64_t unit = 1;
  if (in.skip_caseless("kb"))
    unit = 1u << 10;
  else if (in.skip_caseless("mb"))
    unit = 1u << 20;
  else if (in.skip_caseless("gb"))
    unit = 1u << 30;
  if (!in.empty() || *read > (UINT64_MAX / 2) / unit)
    return std::nullopt;
  return *read * unit;
}

/// What dataset and datarep have in common.
struct set_place {
  dataset_type type = dataset_type::unknown;
  std::string load;
  std::uint64_t memcap_bytes = 0;
  std::uint32_t hashsize = 0;
};

parsed<bool> read_place(set_place& place, text_cursor piece) {
  if (takes(piece, "type")) {
    for (const auto& [word, type] : types)
      if (piece.rest() == word)
        place.type = type;
    if (place.type == dataset_type::unknown)
      return piece.fail(errc::unknown_value, "string, md5, sha256, ipv4 or ip is expected");
    return true;
  }
  if (takes(piece, "load")) {
    place.load = piece.rest();
    return true;
  }
  if (takes(piece, "memcap")) {
    const auto size = size_in_bytes(piece);
    if (!size)
      return piece.fail(errc::number_expected, "a size such as 10mb is expected");
    place.memcap_bytes = *size;
    return true;
  }
  if (takes(piece, "hashsize")) {
    const auto size = size_in_bytes(piece);
    if (!size || *size == 0 || *size > hashsize_limit)
      return piece.fail(errc::out_of_range, "a hashsize between 1 and 16777216 is expected");
    place.hashsize = static_cast<std::uint32_t>(*size);
    return true;
  }
  return false;
}

parsed<void> read_dataset_word(dataset& made, text_cursor piece) {
  if (takes(piece, "save") || takes(piece, "state")) {
    made.save = piece.rest();
  } else if (takes(piece, "format")) {
    if (piece.rest() == "csv")
      made.written_as = dataset::format::csv;
    else if (piece.rest() == "json")
      made.written_as = dataset::format::json;
    else if (piece.rest() == "ndjson" || piece.rest() == "jsonline")
      made.written_as = dataset::format::ndjson;
    else
      return piece.fail(errc::unknown_value, "csv, json or ndjson is expected");
  } else if (takes(piece, "enrichment_key") || takes(piece, "context_key")) {
    made.context_key = piece.rest();
  } else if (takes(piece, "value_key")) {
    made.value_key = piece.rest();
  } else if (takes(piece, "array_key")) {
    made.array_key = piece.rest();
  } else if (takes(piece, "remove_key")) {
    made.remove_key = true;
  } else {
    return piece.fail(errc::unknown_value, "no such word of a dataset");
  }
  return {};
}

/// A rule may have files written below the data folder only.
bool is_inside(const std::string& path) noexcept {
  return path.find("..") == std::string::npos && !path.starts_with('/');
}

} // namespace

parsed<absent> parse_absent(text_cursor in) {
  in = in.trimmed();
  if (!in.empty() && in.rest() != "or_else")
    return in.fail(errc::unknown_value, "absent takes nothing or or_else");
  return absent{!in.empty()};
}

namespace {

parsed<void> read_entropy_value(entropy& made, text_cursor in) {
  made.negated = in.skip("!");
  const bool below = !made.negated && in.skip("<");
  const bool above = !made.negated && !below && in.skip(">");
  const bool closed = in.skip("=");
  in.skip_blanks();
  const auto first = in.fraction();
  if (!first || *first > 8)
    return in.fail(errc::number_expected, "an entropy between 0 and 8 is expected");
  in.skip_blanks();
  if (below) {
    made.most = *first;
    made.most_closed = closed;
  } else if (above) {
    made.least = *first;
    made.least_closed = closed;
  } else if (!closed && (in.skip("-") || in.skip("<>"))) {
    in.skip_blanks();
    const auto last = in.fraction();
    if (!last || *last > 8 || *last <= *first)
      return in.fail(errc::empty_range, "no entropy lies between the two");
    made.least = *first;
    made.most = *last;
    made.least_closed = made.most_closed = false;
  } else {
    made.least = made.most = *first;
  }
  in.skip_blanks();
  if (!in.empty())
    return in.fail(errc::syntax, "there is text behind the entropy");
  return {};
}

} // namespace

parsed<entropy> parse_entropy(text_cursor in) {
  const auto pieces = text::split(in, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  entropy made;
  bool valued = false;
  for (const auto& whole : *pieces) {
    auto piece = whole;
    if (takes(piece, "bytes")) {
      const auto number = piece.number();
      if (!number || !piece.empty() || *number > UINT32_MAX)
        return piece.fail(errc::number_expected, "a number of bytes is expected");
      made.bytes = static_cast<std::uint32_t>(*number);
    } else if (takes(piece, "offset")) {
      const auto number = piece.signed_number();
      if (!number || !piece.empty() || *number > 65'535 || *number < -65'535)
        return piece.fail(errc::number_expected, "an offset is expected");
      made.offset = static_cast<std::int32_t>(*number);
    } else {
      takes(piece, "value");
      if (auto fine = read_entropy_value(made, piece); !fine)
        return unexpected{fine.error()};
      valued = true;
    }
  }
  if (!valued)
    return in.fail(errc::missing, "entropy needs a value");
  return made;
}

parsed<dataset> parse_dataset(text_cursor in) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 2 || (*pieces)[1].empty())
    return in.fail(errc::syntax, "dataset takes an action and a name");
  dataset made;
  const auto* action = std::begin(actions);
  while (action != std::end(actions) && action->first != (*pieces)[0].rest())
    ++action;
  if (action == std::end(actions))
    return (*pieces)[0].fail(errc::unknown_value, "isset, isnotset, set or unset is expected");
  made.what = action->second;
  made.name = (*pieces)[1].rest();
  set_place place;
  for (std::size_t i = 2; i < pieces->size(); ++i) {
    const auto common = read_place(place, (*pieces)[i]);
    if (!common)
      return unexpected{common.error()};
    if (*common)
      continue;
    if (auto fine = read_dataset_word(made, (*pieces)[i]); !fine)
      return unexpected{fine.error()};
  }
  if (!is_inside(made.save))
    return in.fail(errc::not_supported, "a rule may only write below the data folder");
  if (made.name.size() > 63)
    return in.fail(errc::limit, "the name of a dataset has at most 63 characters");
  made.type = place.type;
  made.load = std::move(place.load);
  made.memcap_bytes = place.memcap_bytes;
  made.hashsize = place.hashsize;
  return made;
}

parsed<datarep> parse_datarep(text_cursor in) {
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 3 || (*pieces)[0].empty())
    return in.fail(errc::syntax, "datarep takes a name, an operator and a value");
  datarep made;
  made.name = (*pieces)[0].rest();
  const auto test = (*pieces)[1].rest();
  if (test == "<")
    made.how = datarep::test::less;
  else if (test == ">")
    made.how = datarep::test::greater;
  else if (test == "==" || test == "=")
    made.how = datarep::test::equal;
  else
    return (*pieces)[1].fail(errc::unknown_value, "<, > or == is expected");
  auto number = (*pieces)[2];
  const auto value = number.number();
  if (!value || !number.empty() || *value > 65'535)
    return (*pieces)[2].fail(errc::number_expected, "a reputation between 0 and 65535 is expected");
  made.value = static_cast<std::uint16_t>(*value);
  set_place place;
  for (std::size_t i = 3; i < pieces->size(); ++i) {
    const auto known = read_place(place, (*pieces)[i]);
    if (!known)
      return unexpected{known.error()};
    if (!*known)
      return (*pieces)[i].fail(errc::unknown_value, "no such word of a datarep");
  }
  made.type = place.type;
  made.load = std::move(place.load);
  made.memcap_bytes = place.memcap_bytes;
  made.hashsize = place.hashsize;
  return made;
}

} // namespace cresset::detect::rule::payload
