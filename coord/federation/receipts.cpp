#include "coord/federation/receipts.hpp"

#include "coord/federation/stream.hpp"
#include "coord/signed/canonical_json.hpp"
#include "coord/stix/uuid.hpp"

namespace cresset::coord::federation {
namespace {

using signed_::digest;
using signed_::json_value;

constexpr receipt_stage stages[] = {receipt_stage::delivered, receipt_stage::acknowledged,
                                    receipt_stage::accepted};

/// Of our own making, so that these ids meet no others of version 5.
stix::uuid receipt_namespace() {
  return *stix::uuid::parse("3f0a7c1e-6b52-4d0c-9f3e-1a8d5c2b7e46");
}

} // namespace

std::string_view to_string(receipt_stage stage) noexcept {
  switch (stage) {
  case receipt_stage::delivered: return "delivered";
  case receipt_stage::acknowledged: return "acknowledged";
  case receipt_stage::accepted: return "accepted";
  }
  return "delivered";
}

bool wants_receipt(const signed_::seal& received) noexcept {
  return received.kind.starts_with("stix:");
}

receipt receipt_for(std::string_view own_id, const stream_position& entry,
                    const signed_::seal& received, receipt_stage stage, timestamp now) {
  const auto name =
      std::string{own_id} + " " + entry.hash.hex() + " " + std::string{to_string(stage)};
  return {"receipt--" + stix::uuid::from_name(receipt_namespace(), name).to_string(),
          received.id,
          received.version,
          entry,
          stage,
          to_rfc3339_ms(now)};
}

std::string write_receipt(const receipt& made) {
  const auto bytes = signed_::write_canonical(json_value::object{
      {"type", "receipt"},
      {"id", made.id},
      {"about", json_value::object{{"id", made.about_id}, {"version", made.about_version}}},
      {"entry", json_value::object{{"epoch", made.entry.epoch},
                                   {"sequence", made.entry.sequence},
                                   {"hash", made.entry.hash.hex()}}},
      {"stage", to_string(made.stage)},
      {"at", made.at}});
  return *bytes;
}

std::optional<receipt> read_receipt(std::string_view body) {
  const auto read = signed_::read_canonical(body);
  if (!read || read->text_of("type") != "receipt")
    return std::nullopt;
  const auto* about = read->find("about");
  const auto* entry = read->find("entry");
  const auto id = read->text_of("id");
  const auto stage = read->text_of("stage");
  if (about == nullptr || entry == nullptr || !id || !stage)
    return std::nullopt;
  receipt made;
  const auto about_id = about->text_of("id");
  const auto about_version = about->text_of("version");
  const auto epoch = entry->text_of("epoch");
  const auto sequence = entry->whole_of("sequence");
  const auto hash = digest::parse(entry->text_of("hash").value_or(""));
  if (!about_id || !about_version || !epoch || !is_epoch_id(*epoch) || !sequence || !hash)
    return std::nullopt;
  made.id = *id;
  made.about_id = *about_id;
  made.about_version = *about_version;
  made.entry = {epoch_id{*epoch}, *sequence, *hash};
  made.at = read->text_of("at").value_or("");
  for (const auto known : stages)
    if (*stage == to_string(known)) {
      made.stage = known;
      return made;
    }
  return std::nullopt;
}

} // namespace cresset::coord::federation
