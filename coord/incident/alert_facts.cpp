#include "coord/incident/alert_facts.hpp"

#include "coord/incident/rule_facts.hpp"

#include <algorithm>

namespace cresset::coord::incident {
namespace {

/// Cut before the character that passes the limit.
std::string_view cut(std::string_view text, std::size_t limit_bytes) {
  if (text.size() <= limit_bytes)
    return text;
  while (limit_bytes > 0 && (static_cast<unsigned char>(text[limit_bytes]) & 0xc0U) == 0x80U)
    --limit_bytes;
  return text.substr(0, limit_bytes);
}

/// Urgency counts first, then whether a transaction is told, then bytes to look at.
int telling_of(const detect::alert::alert& alert) {
  constexpr int most_payload = (1 << 14) - 1;
  const int urgency = 255 - static_cast<int>(alert.severity.value());
  const auto payload = static_cast<int>(std::min<std::size_t>(alert.payload.size(), most_payload));
  return urgency << 16 | (alert.transaction_json.empty() ? 0 : 1) << 15 |
         (alert.packet.empty() ? 0 : 1) << 14 | payload;
}

traffic way_of(const address_place& source, const address_place& destination) noexcept {
  if (source.is_ours)
    return destination.is_ours ? traffic::domestic : traffic::outbound;
  return destination.is_ours ? traffic::inbound : traffic::transit;
}

bool source_is_victim(const detect::alert::alert& alert, traffic way) noexcept {
  using detect::alert::target_role;
  if (alert.target != target_role::none)
    return alert.target == target_role::source;
  return way == traffic::outbound;
}

} // namespace

alert_facts facts_of(const detect::alert::alert& alert, sensor_number sensor,
                     const address_book* book) {
  alert_facts facts;
  facts.key.gid = alert.gid;
  facts.key.sid = alert.sid;
  facts.key.exercise = is_exercise(alert);
  if (alert.tuple) {
    address_place source;
    address_place destination;
    if (book != nullptr) {
      source = book->find(alert.tuple->source);
      destination = book->find(alert.tuple->destination);
      if (book->has_segment())
        facts.key.way = way_of(source, destination);
    }
    const bool from_victim = source_is_victim(alert, facts.key.way);
    facts.key.victim = from_victim ? alert.tuple->source : alert.tuple->destination;
    facts.key.attacker = from_victim ? alert.tuple->destination : alert.tuple->source;
    facts.key.direction = from_victim ? group_direction::from_victim : group_direction::to_victim;
    facts.victim_place = from_victim ? source : destination;
    facts.attacker_place = from_victim ? destination : source;
  }
  facts.severity = alert.severity.value();
  facts.revision = alert.rev;
  facts.message = cut(alert.msg, group_message_limit_bytes);
  facts.category = cut(alert.category, group_category_limit_bytes);
  facts.captured = alert.captured_at;
  facts.sensor = sensor;
  facts.telling = telling_of(alert);
  return facts;
}

} // namespace cresset::coord::incident
