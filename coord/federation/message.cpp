#include "coord/federation/message.hpp"

#include "coord/federation/stream.hpp"
#include "coord/signed/canonical_json.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace cresset::coord::federation {
namespace {

using signed_::digest;
using signed_::json_value;
using frame_list = std::span<const std::string_view>;

constexpr std::size_t feature_limit = 32;
constexpr std::size_t word_limit_bytes = 64;
constexpr std::size_t text_limit_bytes = 1024;

constexpr std::pair<refusal, std::string_view> refusal_words[] = {
    {refusal::malformed, "malformed"},
    {refusal::wrong_stream, "wrong_stream"},
    {refusal::out_of_order, "out_of_order"},
    {refusal::equivocation, "equivocation"},
    {refusal::chain_broken, "chain_broken"},
    {refusal::unknown_key, "unknown_key"},
    {refusal::bad_signature, "bad_signature"},
    {refusal::hash_mismatch, "hash_mismatch"},
    {refusal::seal_mismatch, "seal_mismatch"},
    {refusal::bad_key_record, "bad_key_record"},
    {refusal::busy, "busy"},
};

json_value position_json(const stream_position& at) {
  return json_value::object{{"epoch", at.epoch},
                            {"sequence", at.sequence},
                            {"hash", at.epoch.empty() ? "" : at.hash.hex()}};
}

std::optional<stream_position> position_from(const json_value& value) {
  const auto epoch = value.text_of("epoch");
  const auto sequence = value.whole_of("sequence");
  if (epoch == "" && sequence == 0U)
    return stream_position{};
  const auto hash = digest::parse(value.text_of("hash").value_or(""));
  if (!epoch || !is_epoch_id(*epoch) || !sequence || !hash)
    return std::nullopt;
  return stream_position{epoch_id{*epoch}, *sequence, *hash};
}

std::vector<std::string> framed(const json_value& header, std::vector<std::string> rest = {}) {
  auto text = write_canonical(header);
  assert(text.has_value());
  rest.insert(rest.begin(), text ? *std::move(text) : std::string{"{}"});
  return rest;
}

// Writing: one function a message.

std::vector<std::string> put(const open_message& told) {
  json_value::array features{told.features.begin(), told.features.end()};
  json_value header = json_value::object{{"type", "open"},
                                         {"lowest", told.lowest},
                                         {"highest", told.highest},
                                         {"features", std::move(features)},
                                         {"from", told.from},
                                         {"to", told.to},
                                         {"session", told.session},
                                         {"answers", told.answers},
                                         {"has", position_json(told.has)},
                                         {"credit", told.credit}};
  return framed(header, {told.head, told.has_envelope});
}
std::vector<std::string> put(const epoch_message& told) {
  return framed(json_value::object{{"type", "epoch"}}, {told.opening});
}
std::vector<std::string> put(const push_message& told) {
  return framed(json_value::object{{"type", "push"},
                                   {"epoch", told.epoch},
                                   {"sequence", told.entry.sequence}},
                {told.entry.envelope, told.entry.content.seal_bytes, told.entry.content.body});
}
std::vector<std::string> put(const acknowledge_message& told) {
  json_value header = position_json(told.at);
  header.set("type", "acknowledge");
  header.set("credit", told.credit);
  header.set("resend", told.resend);
  return framed(header);
}
std::vector<std::string> put(const head_message& told) {
  return framed(json_value::object{{"type", "head"}}, {told.head});
}
std::vector<std::string> put(const refuse_message& told) {
  return framed(json_value::object{{"type", "refuse"},
                                   {"epoch", told.epoch},
                                   {"sequence", told.sequence},
                                   {"reason", told.reason},
                                   {"text", told.text}});
}
std::vector<std::string> put(const close_message& told) {
  return framed(
      json_value::object{{"type", "close"}, {"reason", told.reason}, {"text", told.text}});
}
std::vector<std::string> put(const unknown_message& told) {
  return framed(json_value::object{{"type", told.type}});
}

// Reading: one function a message; each has its number of frames checked.

bool read_features(const json_value& header, open_message& into) {
  const auto* features = header.find("features");
  if (features == nullptr || features->elements() == nullptr ||
      features->elements()->size() > feature_limit)
    return false;
  for (const auto& feature : *features->elements()) {
    if (feature.text() == nullptr || feature.text()->size() > word_limit_bytes)
      return false;
    into.features.push_back(*feature.text());
  }
  return true;
}

std::optional<message> take_open(const json_value& header, frame_list frames) {
  open_message read;
  const auto lowest = header.whole_of("lowest");
  const auto highest = header.whole_of("highest");
  const auto from = header.text_of("from");
  const auto to = header.text_of("to");
  const auto session = header.text_of("session");
  const auto answers = header.text_of("answers");
  const auto credit = header.whole_of("credit");
  const auto* has = header.find("has");
  const auto at = has != nullptr ? position_from(*has) : std::nullopt;
  if (!lowest || !highest || *lowest > *highest || !from || !signed_::is_identity_id(*from) ||
      !to || !signed_::is_identity_id(*to) || !session || !is_epoch_id(*session) || !answers ||
      (!answers->empty() && !is_epoch_id(*answers)) || !credit || !at ||
      !read_features(header, read))
    return std::nullopt;
  if (frames[0].size() > head_limit_bytes || frames[1].size() > envelope_limit_bytes)
    return std::nullopt;
  read.lowest = *lowest;
  read.highest = *highest;
  read.from = *from;
  read.to = *to;
  read.session = *session;
  read.answers = *answers;
  read.has = *at;
  read.credit = std::min(*credit, credit_limit);
  read.head = frames[0];
  read.has_envelope = frames[1];
  return read;
}

std::optional<message> take_epoch(const json_value&, frame_list frames) {
  if (frames[0].size() > opening_limit_bytes)
    return std::nullopt;
  return epoch_message{std::string{frames[0]}};
}

std::optional<message> take_push(const json_value& header, frame_list frames) {
  const auto epoch = header.text_of("epoch");
  const auto sequence = header.whole_of("sequence");
  if (!epoch || !is_epoch_id(*epoch) || !sequence || *sequence == 0 ||
      frames[0].size() > envelope_limit_bytes ||
      frames[1].size() > signed_::object_limit_seal_bytes ||
      frames[2].size() > signed_::object_limit_body_bytes)
    return std::nullopt;
  return push_message{
      {*sequence, std::string{frames[0]}, {std::string{frames[1]}, std::string{frames[2]}}},
      epoch_id{*epoch}};
}

std::optional<message> take_acknowledge(const json_value& header, frame_list) {
  const auto at = position_from(header);
  const auto credit = header.whole_of("credit");
  const auto* resend = header.find("resend");
  if (!at || !credit || resend == nullptr || resend->boolean() == nullptr)
    return std::nullopt;
  return acknowledge_message{*at, std::min(*credit, credit_limit), *resend->boolean()};
}

std::optional<message> take_head(const json_value&, frame_list frames) {
  if (frames[0].size() > head_limit_bytes)
    return std::nullopt;
  return head_message{std::string{frames[0]}};
}

std::optional<message> take_refuse(const json_value& header, frame_list) {
  const auto epoch = header.text_of("epoch");
  const auto sequence = header.whole_of("sequence");
  const auto reason = header.text_of("reason");
  const auto text = header.text_of("text");
  if (!epoch || epoch->size() > word_limit_bytes || !sequence || !reason ||
      reason->size() > word_limit_bytes || !text || text->size() > text_limit_bytes)
    return std::nullopt;
  return refuse_message{epoch_id{*epoch}, *sequence, std::string{*reason}, std::string{*text}};
}

std::optional<message> take_close(const json_value& header, frame_list) {
  const auto reason = header.text_of("reason");
  const auto text = header.text_of("text");
  if (!reason || reason->size() > word_limit_bytes || !text || text->size() > text_limit_bytes)
    return std::nullopt;
  return close_message{std::string{*reason}, std::string{*text}};
}

struct reader {
  std::string_view type;
  std::size_t frames;
  std::optional<message> (*take)(const json_value&, frame_list);
};
constexpr reader readers[] = {
    {"open", 2, take_open},   {"epoch", 1, take_epoch},
    {"push", 3, take_push},   {"acknowledge", 0, take_acknowledge},
    {"head", 1, take_head},   {"refuse", 0, take_refuse},
    {"close", 0, take_close},
};

} // namespace

std::string_view to_string(refusal reason) noexcept {
  for (const auto& [value, word] : refusal_words)
    if (value == reason)
      return word;
  return "malformed";
}

std::vector<std::string> encode(const message& told) {
  return std::visit([](const auto& one) { return put(one); }, told);
}

std::optional<message> decode(std::span<const std::string_view> frames) {
  if (frames.empty() || frames.size() > message_limit_frames ||
      frames[0].size() > header_limit_bytes)
    return std::nullopt;
  const auto header = signed_::read_canonical(frames[0]);
  if (!header)
    return std::nullopt;
  const auto type = header->text_of("type");
  if (!type || type->size() > word_limit_bytes)
    return std::nullopt;
  const auto rest = frames.subspan(1);
  for (const auto& known : readers)
    if (known.type == *type)
      return rest.size() == known.frames ? known.take(*header, rest) : std::nullopt;
  return unknown_message{std::string{*type}};
}

} // namespace cresset::coord::federation
