#include "coord/federation/stream.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace cresset::coord::federation {
namespace {

using signed_::digest;
using signed_::json_value;
using signed_::signed_document;

constexpr std::size_t time_limit_bytes = 64;

/// Our own statements are made of ids, digests and times: nothing in them that canonical JSON could
/// refuse.
std::string must_sign(const json_value& statement, const signed_::signing_key& key) {
  auto bytes = sign_statement(statement, key);
  assert(bytes.has_value());
  return bytes ? *std::move(bytes) : std::string{};
}

/// Reads the members all three have; false if one is missing.
bool read_ends(const json_value& statement, std::string& from, std::string& to) {
  const auto sender = statement.text_of("from");
  const auto recipient = statement.text_of("to");
  if (!sender || !recipient || !signed_::is_identity_id(*sender) ||
      !signed_::is_identity_id(*recipient))
    return false;
  from = *sender;
  to = *recipient;
  return true;
}

std::optional<stream_position>
read_position(const json_value& value, std::string_view sequence_name, std::string_view hash_name) {
  const auto epoch = value.text_of("epoch");
  const auto sequence = value.whole_of(sequence_name);
  const auto hash = digest::parse(value.text_of(hash_name).value_or(""));
  if (!epoch || !is_epoch_id(*epoch) || !sequence || !hash)
    return std::nullopt;
  return stream_position{epoch_id{*epoch}, *sequence, *hash};
}

} // namespace

std::string sign(const envelope& stated, const signed_::signing_key& key) {
  return must_sign(json_value::object{{"type", "envelope"},
                                      {"from", stated.from},
                                      {"to", stated.to},
                                      {"epoch", stated.at.epoch},
                                      {"sequence", stated.at.sequence},
                                      {"previous", stated.at.hash.hex()},
                                      {"object", stated.object.hex()},
                                      {"policy", stated.policy.hex()},
                                      {"released", stated.released}},
                   key);
}

std::string sign(const opening& stated, const signed_::signing_key& key) {
  json_value after;
  if (stated.after)
    after = json_value::object{{"epoch", stated.after->epoch},
                               {"sequence", stated.after->sequence},
                               {"hash", stated.after->hash.hex()}};
  return must_sign(json_value::object{{"type", "epoch"},
                                      {"from", stated.from},
                                      {"to", stated.to},
                                      {"epoch", stated.epoch},
                                      {"record", *signed_::read_canonical(stated.record.bytes)},
                                      {"after", std::move(after)},
                                      {"opened", stated.opened}},
                   key);
}

std::string sign(const head& stated, const signed_::signing_key& key) {
  return must_sign(json_value::object{{"type", "head"},
                                      {"from", stated.from},
                                      {"to", stated.to},
                                      {"epoch", stated.at.epoch},
                                      {"length", stated.at.sequence},
                                      {"hash", stated.at.hash.hex()},
                                      {"at", stated.time}},
                   key);
}

std::optional<claimed<envelope>> read_envelope(std::string_view bytes) {
  if (bytes.size() > envelope_limit_bytes)
    return std::nullopt;
  auto document = signed_document::read(bytes, "envelope");
  if (!document)
    return std::nullopt;
  const auto& statement = document->statement();
  envelope read;
  const auto at = read_position(statement, "sequence", "previous");
  const auto object = digest::parse(statement.text_of("object").value_or(""));
  const auto policy = digest::parse(statement.text_of("policy").value_or(""));
  if (!read_ends(statement, read.from, read.to) || !at || at->sequence == 0 || !object || !policy)
    return std::nullopt;
  read.at = *at;
  read.object = *object;
  read.policy = *policy;
  read.released = statement.text_of("released").value_or("");
  if (!signed_::is_plain(read.released, time_limit_bytes))
    return std::nullopt;
  return claimed<envelope>{std::move(read), *std::move(document)};
}

std::optional<claimed<head>> read_head(std::string_view bytes) {
  if (bytes.size() > head_limit_bytes)
    return std::nullopt;
  auto document = signed_document::read(bytes, "head");
  if (!document)
    return std::nullopt;
  const auto& statement = document->statement();
  head read;
  const auto at = read_position(statement, "length", "hash");
  if (!read_ends(statement, read.from, read.to) || !at)
    return std::nullopt;
  read.at = *at;
  read.time = statement.text_of("at").value_or("");
  return claimed<head>{std::move(read), *std::move(document)};
}

std::optional<opening> read_opening(std::string_view bytes) {
  if (bytes.size() > opening_limit_bytes)
    return std::nullopt;
  const auto document = signed_document::read(bytes, "epoch");
  if (!document)
    return std::nullopt;
  const auto& statement = document->statement();
  opening read;
  const auto epoch = statement.text_of("epoch");
  const auto* record = statement.find("record");
  const auto* after = statement.find("after");
  if (!read_ends(statement, read.from, read.to) || !epoch || !is_epoch_id(*epoch) ||
      record == nullptr || after == nullptr)
    return std::nullopt;
  read.epoch = *epoch;
  read.opened = statement.text_of("opened").value_or("");
  if (!after->is_null()) {
    read.after = read_position(*after, "sequence", "hash");
    if (!read.after)
      return std::nullopt;
  }
  // The document was canonical, so its part is: these are the record's own bytes.
  auto held = signed_::read_key_record(*write_canonical(*record));
  if (!held || held->record.owner != read.from)
    return std::nullopt;
  read.record = *std::move(held);
  const auto* key = read.record.record.signing_key_of(document->key_id());
  if (key == nullptr || !document->verified_by(*key))
    return std::nullopt;
  return read;
}

epoch_id new_epoch_id() {
  std::array<std::byte, 16> random;
  randombytes_buf(random.data(), random.size());
  return signed_::to_hex(random);
}

bool is_epoch_id(std::string_view text) noexcept {
  std::array<std::byte, 16> bytes;
  return signed_::from_hex(text, bytes);
}

} // namespace cresset::coord::federation
