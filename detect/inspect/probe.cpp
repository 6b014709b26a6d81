#include "detect/inspect/probe.hpp"

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using namespace rule::options;

bool is_plain(const rule::text::comparison& test) noexcept {
  return !test.negated && test.mask == UINT64_MAX;
}

void look_at(const rule::condition& c, probe& p) {
  if (const auto* number = std::get_if<number_match>(&c);
      number != nullptr && number->field == "dsize" && is_plain(number->test)) {
    p.size_least =
        static_cast<std::uint16_t>(std::min<std::uint64_t>(number->test.least, UINT16_MAX));
    p.size_most =
        static_cast<std::uint16_t>(std::min<std::uint64_t>(number->test.most, UINT16_MAX));
  }
  if (const auto* there = std::get_if<presence>(&c);
      there != nullptr && there->field.ends_with("-csum") && !there->negated)
    p.wants_damage = true;
  if (const auto* size = std::get_if<stream_size>(&c);
      size != nullptr && size->of == stream_size::side::server && is_plain(size->size) &&
      size->size.most < probe::any_bytes)
    p.server_most = static_cast<std::uint32_t>(size->size.most);
}

/// A content that can stand in one place only.
void look_at(const rule::payload::content& c, probe& p) {
  if (c.negated || c.nocase || c.is_relative() || !c.depth || c.depth->is_variable() ||
      (c.offset && c.offset->is_variable()))
    return;
  const auto at = c.offset ? c.offset->number : 0;
  const auto size = std::min<std::size_t>(c.pattern.size(), sizeof p.head);
  const bool is_better = size > static_cast<std::size_t>(p.head_behind - p.head_at);
  if (at < 0 || at > UINT8_MAX || c.depth->number != static_cast<std::int64_t>(c.pattern.size()) ||
      size == 0 || !is_better)
    return;
  p.head_at = static_cast<std::uint8_t>(at);
  p.head_behind = static_cast<std::uint16_t>(p.head_at + size);
  p.head = p.head_mask = 0;
  std::memcpy(&p.head, c.pattern.data(), size);
  std::memset(&p.head_mask, 0xff, size);
}

/// Two bytes, where the rule has nothing longer that a scan could find.
void look_for_pair(const rule::payload::content& c, probe& p) {
  if (c.negated || c.nocase || c.pattern.size() != 2 || p.has_pair)
    return;
  p.has_pair = true;
  p.pair = pair_set::pair_at(c.pattern.data());
}

} // namespace

probe make_probe(const signature& s) {
  probe made;
  for (const auto& c : s.conditions)
    look_at(*c.source, made);
  for (const auto& one : s.sections)
    if (one.source->is_payload() && one.source->transforms.empty())
      for (const auto& test : one.source->matches)
        if (const auto* c = std::get_if<rule::payload::content>(&test)) {
          look_at(*c, made);
          if (s.lead.literal.empty())
            look_for_pair(*c, made);
        }
  return made;
}

std::uint32_t server_bytes_of(const subject& on) noexcept {
  if (on.flow == nullptr || !on.flow->session)
    return probe::any_bytes;
  const auto bytes = on.flow->session->stream(proto::direction::to_client).total_bytes();
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, probe::any_bytes - 1));
}

} // namespace cresset::detect::inspect
