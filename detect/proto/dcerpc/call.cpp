#include "detect/proto/dcerpc/call.hpp"

#include <algorithm>
#include <string>

namespace cresset::detect::proto::dcerpc {
namespace {

/// Where stub data begins. A request's stands behind allocation hint, context and operation; an
/// answer's is counted from its own head on (conformance: dce-logging, 68 bytes of 84).
constexpr std::size_t request_stub_at = 24;
constexpr std::size_t answer_stub_at = pdu_header::size_bytes;

bool has_stub(pdu_type type) noexcept {
  return type == pdu_type::request || type == pdu_type::response;
}

byte_view behind(byte_view pdu, std::size_t at) noexcept {
  return pdu.subspan(std::min(at, pdu.size()));
}

} // namespace

void bindings::offer(std::span<const offered_interface> all) {
  if (known_.size() + all.size() > limit) {
    const auto over = std::min(known_.size(), known_.size() + all.size() - limit);
    known_.erase(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(over));
  }
  last_offer_ = known_.size();
  known_.insert(known_.end(), all.begin(), all.end());
}

void bindings::answer(std::span<const context_answer> all) noexcept {
  for (std::size_t i = 0; i < all.size() && last_offer_ + i < known_.size(); ++i) {
    known_[last_offer_ + i].result = all[i].result;
    known_[last_offer_ + i].reason = all[i].reason;
  }
}

const offered_interface* bindings::find(std::uint16_t context) const noexcept {
  const auto found = std::find_if(known_.rbegin(), known_.rend(), [&](const auto& one) {
    return one.context == context && one.result.value_or(0) == 0;
  });
  return found == known_.rend() ? nullptr : &*found;
}

void stub::append(byte_view bytes, stub_budget& budget) {
  const auto room = total < limit_bytes ? limit_bytes - static_cast<std::size_t>(total) : 0;
  // what stands behind a hole would look like what follows it
  const bool is_whole = kept.size() == total;
  const auto given = is_whole ? budget.take(std::min(room, bytes.size())) : 0;
  kept.insert(kept.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(given));
  total += bytes.size();
  ++fragments;
}

void call::set_interface(const offered_interface& one) {
  interfaces_ = {one};
  std::copy(one.id.begin(), one.id.end(), interface_bytes_.begin());
  const auto bytes = std::span{interface_bytes_};
  store_be16(bytes.subspan<16, 2>(), one.version);
  store_be16(bytes.subspan<18, 2>(), one.minor_version);
  interface_bytes_[20] = one.first_fragment ? std::byte{1} : std::byte{0};
}

void call::take_request(const pdu_header& head, byte_view pdu, bindings& known,
                        stub_budget& budget) {
  const bool is_new = !request_.has_value();
  request_ = head.type;
  if (has_stub(head.type)) {
    if (is_new && pdu.size() >= request_stub_at) {
      is_little_ = head.is_little;
      operation_ = load16(pdu, 22, head.is_little);
      if (const auto* one = known.find(load16(pdu, 20, head.is_little)))
        set_interface(*one);
    }
    of_client_.append(behind(pdu, request_stub_at), budget);
    of_client_.is_complete = head.is_last();
    return;
  }
  if (head.type == pdu_type::bind || head.type == pdu_type::alter_context) {
    interfaces_ = read_contexts(head, pdu);
    known.offer(interfaces_);
  }
  of_client_.is_complete = true;
}

void call::take_answer(const pdu_header& head, byte_view pdu, bindings& known,
                       stub_budget& budget) {
  answer_ = head.type;
  if (has_stub(head.type)) {
    if (!request_)
      is_little_ = head.is_little;
    of_server_.append(behind(pdu, answer_stub_at), budget);
    of_server_.is_complete = head.is_last();
    return;
  }
  if (head.type == pdu_type::bindack || head.type == pdu_type::alter_context_resp) {
    const auto answers = read_answers(head, pdu);
    for (std::size_t i = 0; i < answers.size() && i < interfaces_.size(); ++i) {
      interfaces_[i].result = answers[i].result;
      interfaces_[i].reason = answers[i].reason;
    }
    if (!interfaces_.empty())
      known.answer(answers);
  }
  of_server_.is_complete = true;
}

void call::take_datagram(const datagram_header& head, byte_view body, stub_budget& budget) {
  if (!is_answer(head.type)) {
    if (!request_) {
      is_little_ = head.is_little;
      operation_ = head.operation;
      set_interface({.context = 0,
                     .id = head.interface_id,
                     .version = static_cast<std::uint16_t>(head.interface_version),
                     .minor_version = static_cast<std::uint16_t>(head.interface_version >> 16),
                     .first_fragment = true,
                     .result = std::nullopt});
    }
    request_ = head.type;
    of_client_.append(body, budget);
    of_client_.is_complete = of_client_.is_complete || head.is_last();
    return;
  }
  answer_ = head.type;
  of_server_.append(body, budget);
  of_server_.is_complete = of_server_.is_complete || head.is_last();
}

bool call::goes_on_with(pdu_type type) const noexcept {
  return request_ == type && has_stub(type) && !of_client_.is_complete && !answer_;
}

bool call::is_answered_by(pdu_type type) const noexcept {
  if (of_server_.is_complete || !request_)
    return false;
  if (answer_)
    return answer_ == type; // a further fragment
  switch (type) {
  case pdu_type::bindack:
  case pdu_type::bindnak: return request_ == pdu_type::bind;
  case pdu_type::alter_context_resp: return request_ == pdu_type::alter_context;
  case pdu_type::response: return request_ == pdu_type::request;
  case pdu_type::fault: return request_ != pdu_type::bind && request_ != pdu_type::auth3;
  default: return false;
  }
}

void call::write_interfaces(json_writer& json) const {
  if (interfaces_.empty())
    return;
  json.key("interfaces").begin_array();
  for (const auto& one : interfaces_) {
    json.begin_object().member("uuid", to_text(one.id));
    json.member("version", std::to_string(one.version) + "." + std::to_string(one.minor_version));
    if (one.result)
      json.member("ack_result", *one.result).member("ack_reason", one.reason);
    json.end_object();
  }
  json.end_array();
}

void call::write_members(json_writer& json) const {
  json.member("request", request_ ? name_of(*request_) : "REQUEST_LOST");
  if (is_operation()) {
    json.key("req").begin_object().member("opnum", operation_);
    json.member("frag_cnt", of_client_.fragments).member("stub_data_size", of_client_.total);
    json.end_object();
  }
  write_interfaces(json);
  json.member("response", answer_                              ? name_of(*answer_)
                          : lost_[index(direction::to_client)] ? "RESPONSE_LOST"
                                                               : "UNREPLIED");
  if (answer_ == pdu_type::response) {
    json.key("res").begin_object().member("frag_cnt", of_server_.fragments);
    json.member("stub_data_size", of_server_.total).end_object();
  }
}

} // namespace cresset::detect::proto::dcerpc
