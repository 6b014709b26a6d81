#include "coord/indicator/indicator_set.hpp"

#include "capture/base/ip_address.hpp"

#include <algorithm>
#include <charconv>

namespace cresset::coord::indicator {
namespace {

// Far from any length of an IPv4 prefix.
constexpr unsigned v6_offset = 200;
// Parents of a name that are looked up; a name of more labels is looked up by its last ones.
constexpr std::size_t parents_limit = 16;

std::string key_of(const ip_address& address) {
  const auto bytes = address.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct prefix {
  ip_address base;
  unsigned bits = 0;
};

std::optional<prefix> prefix_from(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base)
    return std::nullopt;
  unsigned bits = base->width_bits();
  if (slash != std::string_view::npos)
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  return prefix{*base, bits};
}

} // namespace

indicator_set::indicator_set(const std::vector<indicator>& all) {
  for (const auto& one : all) {
    const auto form = normalised(one.kind, one.value);
    if (!form || *form != one.value) {
      ++left_out_;
      continue;
    }
    ++size_;
    if (one.kind != indicator_kind::address) {
      const auto key =
          one.kind == indicator_kind::url ? one.value.substr(one.value.find("://") + 3) : one.value;
      texts_[key].push_back({one.id, one.expires});
      continue;
    }
    const auto watched_for = prefix_from(one.value);
    const auto length = watched_for->bits + (watched_for->base.is_v4() ? 0 : v6_offset);
    prefixes_[length][key_of(watched_for->base)].push_back({one.id, one.expires});
  }
}

void indicator_set::take(const by_text& from, const std::string& key, timestamp at,
                         std::vector<indicator_id>& hits) const {
  const auto found = from.find(key);
  if (found == from.end())
    return;
  for (const auto& one : found->second)
    if (one.expires > at && hits.size() < hits_limit &&
        std::ranges::find(hits, one.id) == hits.end())
      hits.push_back(one.id);
}

std::vector<indicator_id> indicator_set::hits(const observables& in, timestamp at) const {
  std::vector<indicator_id> hits;
  for (const auto& address : in.addresses)
    for (const auto& [length, watched_for] : prefixes_)
      if ((length >= v6_offset) == address.is_v6())
        take(watched_for, key_of(address.prefix(length % v6_offset)), at, hits);
  for (const auto& name : in.domains) {
    std::size_t from = 0;
    auto labels = static_cast<std::size_t>(std::ranges::count(name, '.'));
    for (; labels > parents_limit; --labels)
      from = name.find('.', from) + 1;
    for (; labels > 0; --labels) {
      take(texts_, name.substr(from), at, hits);
      from = name.find('.', from) + 1;
    }
  }
  for (const auto& url : in.urls)
    take(texts_, url, at, hits);
  for (const auto& hash : in.hashes)
    take(texts_, hash, at, hits);
  std::ranges::sort(hits);
  return hits;
}

} // namespace cresset::coord::indicator
