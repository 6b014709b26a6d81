// A header's side is a list, lists nest, `!` turns its element round, and $NAME stands for the text
// of a group:
//
//   [$HOME_NET, !10.1.0.0/16, ![10.2.0.0/16, !10.2.3.4]]
//
// A list means what its plain elements hold together (everything, if it has none) without what its
// `!` elements hold. Each list and group is a set of its own first, so that `!$HOME_NET` is what
// $HOME_NET is not, whatever stands in it.

#include "detect/rule/variables.hpp"

#include <utility>

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

using groups = std::map<std::string, std::string, std::less<>>;

/// Cuts "[a,[b,c],d]" (without the outer brackets) at its outer commas. False when brackets do not
/// match.
bool cut_list(std::string_view text, std::vector<std::string_view>& elements) {
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[')
      ++depth;
    else if (text[i] == ']' && --depth < 0)
      return false;
    else if (text[i] == ',' && depth == 0) {
      elements.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  elements.push_back(text.substr(begin));
  return depth == 0;
}

/// Works out one text; what a single element means is `read`'s business.
template <typename Set>
class resolver {
public:
  using range = typename Set::range;
  using reader = parsed<range> (*)(text_cursor);

  resolver(const groups& named, reader read) : named_{named}, read_{read} {}

  parsed<Set> resolve(text_cursor in, unsigned depth) {
    in = in.trimmed();
    bool negated = false;
    while (in.skip("!")) {
      negated = !negated;
      in.skip_blanks();
    }
    auto set = resolve_plain(in, depth);
    if (set && negated)
      set = Set{{}, ranges_of(*set)};
    // An empty list of included elements would stand for everything, so an empty set ends here.
    if (set && set->is_empty())
      return in.fail(errc::empty_range, "nothing is left of '" + std::string{in.rest()} + "'");
    return set;
  }

private:
  static std::vector<range> ranges_of(const Set& set) {
    const auto all = set.ranges();
    return {all.begin(), all.end()};
  }

  parsed<Set> resolve_plain(text_cursor in, unsigned depth) {
    if (depth > variables::depth_limit)
      return in.fail(errc::limit, "lists and variables nest deeper than 16");
    if (++elements_ > variables::element_limit)
      return in.fail(errc::limit, "more than 65536 elements");
    if (in.empty())
      return in.fail(errc::syntax, "an empty element");
    if (in.peek() == '[')
      return resolve_list(in, depth);
    if (in.peek() == '$')
      return resolve_group(in, depth);
    if (text::equals_caseless(in.rest(), "any"))
      return Set{};
    const auto element = read_(in);
    if (!element)
      return unexpected{element.error()};
    return Set{{*element}, {}};
  }

  parsed<Set> resolve_list(text_cursor in, unsigned depth) {
    const auto text = in.rest();
    if (!text.ends_with(']'))
      return in.fail(errc::syntax, "a ] is missing");
    std::vector<std::string_view> elements;
    if (!cut_list(text.substr(1, text.size() - 2), elements))
      return in.fail(errc::syntax, "brackets do not match");
    std::vector<range> included;
    std::vector<range> excluded;
    for (const auto element : elements) {
      const auto at = in.position() + static_cast<std::size_t>(element.data() - text.data());
      auto one = text_cursor{element, at}.trimmed();
      const bool negated = one.skip("!");
      const auto set = resolve(one, depth + 1);
      if (!set)
        return set;
      auto& into = negated ? excluded : included;
      const auto runs = set->ranges();
      into.insert(into.end(), runs.begin(), runs.end());
    }
    return Set{std::move(included), std::move(excluded)};
  }

  parsed<Set> resolve_group(text_cursor in, unsigned depth) {
    const auto name = in.rest().substr(1);
    const auto found = named_.find(name);
    if (found == named_.end())
      return in.fail(errc::undefined_variable,
                     "the variable $" + std::string{name} + " is not defined");
    auto set = resolve(text_cursor{found->second}, depth + 1);
    if (!set)
      return in.fail(set.error().why, "in $" + std::string{name} + ": " + set.error().reason);
    return set;
  }

  const groups& named_;
  reader read_;
  std::size_t elements_ = 0;
};

/// The mask's bits when it is one run of ones from the left, as in 255.255.0.0.
std::optional<unsigned> bits_of_mask(const ip_address& mask) {
  const std::uint32_t value = mask.v4_value();
  const std::uint32_t inverted = ~value;
  if (!mask.is_v4() || (inverted & (inverted + 1)) != 0)
    return std::nullopt;
  unsigned bits = 0;
  while (bits < 32 && (value >> (31 - bits) & 1U) != 0)
    ++bits;
  return bits;
}

ip_address last_of(const ip_address& prefix, unsigned bits) {
  std::array<std::byte, 16> bytes{};
  const auto from = prefix.storage();
  std::copy(from.begin(), from.end(), bytes.begin());
  for (unsigned bit = bits; bit < prefix.width_bits(); ++bit)
    bytes[bit / 8] |= static_cast<std::byte>(0x80U >> bit % 8);
  const std::span<const std::byte, 16> all{bytes};
  return prefix.is_v6() ? ip_address::v6(all) : ip_address::v4(all.first<4>());
}

parsed<address_set::range> read_prefix(const text_cursor& in, const ip_address& address,
                                       std::string_view length) {
  text_cursor rest{length};
  std::optional<unsigned> bits;
  if (const auto number = rest.number(); number && rest.empty()) {
    if (*number <= address.width_bits())
      bits = static_cast<unsigned>(*number);
  } else if (const auto mask = ip_address::parse(length);
             mask && mask->is_v4() && address.is_v4()) {
    bits = bits_of_mask(*mask);
  }
  if (!bits)
    return in.fail(errc::out_of_range, "the prefix length does not fit the address");
  const auto first = address.prefix(*bits);
  return address_set::range{first, last_of(first, *bits)};
}

parsed<address_set::range> read_address(text_cursor in) {
  const auto text = in.rest();
  const auto cut = text.find_first_of("/-");
  const auto address = ip_address::parse(text_cursor{text.substr(0, cut)}.trimmed().rest());
  if (!address)
    return in.fail(errc::syntax, "'" + std::string{text} + "' is no address");
  if (cut == std::string_view::npos)
    return address_set::range{*address, *address};
  const auto behind = text_cursor{text.substr(cut + 1)}.trimmed().rest();
  if (text[cut] == '/')
    return read_prefix(in, *address, behind);
  const auto last = ip_address::parse(behind);
  if (!last || last->is_v6() != address->is_v6() || *last < *address)
    return in.fail(errc::empty_range,
                   "a range goes from a lower address to a higher one of the same family");
  return address_set::range{*address, *last};
}

parsed<port_set::range> read_port(text_cursor in) {
  const auto first = in.number();
  auto last = first;
  in.skip_blanks();
  const bool is_range = in.skip(":");
  if (is_range) {
    in.skip_blanks();
    last = in.empty() ? std::optional<std::uint64_t>{65'535} : in.number();
  }
  if (!in.empty() || !last || (!first && !is_range))
    return in.fail(errc::syntax, "a port, or a range as 80:90, is expected");
  const auto from = first.value_or(0);
  if (from > 65'535 || *last > 65'535)
    return in.fail(errc::out_of_range, "a port is at most 65535");
  if (from > *last)
    return in.fail(errc::empty_range, "the range of ports is empty");
  return port_set::range{static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(*last)};
}

/// Resolves `text`, once: later calls with the same text share the set.
template <typename Set>
parsed<std::shared_ptr<const Set>>
resolve_once(std::string_view text, std::size_t at, const groups& named,
             std::map<std::string, std::shared_ptr<const Set>, std::less<>>& known,
             typename resolver<Set>::reader read) {
  if (const auto found = known.find(text); found != known.end())
    return found->second;
  auto set = resolver<Set>{named, read}.resolve(text_cursor{text, at}, 0);
  if (!set)
    return unexpected{set.error()};
  auto shared = std::make_shared<const Set>(*std::move(set));
  known.emplace(text, shared);
  return shared;
}

} // namespace

void variables::define_addresses(std::string name, std::string text) {
  address_groups_[std::move(name)] = std::move(text);
  resolved_addresses_.clear();
}

void variables::define_ports(std::string name, std::string text) {
  port_groups_[std::move(name)] = std::move(text);
  resolved_ports_.clear();
}

parsed<std::shared_ptr<const address_set>> variables::addresses(std::string_view text,
                                                                std::size_t at) {
  return resolve_once(text, at, address_groups_, resolved_addresses_, read_address);
}

parsed<std::shared_ptr<const port_set>> variables::ports(std::string_view text, std::size_t at) {
  return resolve_once(text, at, port_groups_, resolved_ports_, read_port);
}

} // namespace cresset::detect::rule
