#include "detect/proto/ldap/exchange.hpp"

namespace cresset::detect::proto::ldap {

void exchange::ask(operation request) {
  message_id_ = request.message_id();
  if (request.is_damaged())
    raise("invalid_data");
  request_ = std::move(request);
  advance(direction::to_server, progress_done);
  if (request_->kind() == kind::unbind_request || request_->kind() == kind::abandon_request)
    finish(); // nobody answers these
}

void exchange::answer(operation response) {
  message_id_ = response.message_id();
  if (response.is_damaged())
    raise("invalid_data");
  const bool is_last = is_last_response(response.kind());
  ++response_count_;
  advance(direction::to_client, 1);
  // the last one is kept in any case: it says how it ended
  const auto size = response.content().size();
  if (is_last ||
      (responses_.size() + 1 < limit_responses && response_bytes_ + size <= limit_response_bytes)) {
    response_bytes_ += size;
    responses_.push_back(std::move(response));
  }
  if (is_last)
    finish();
}

void exchange::finish() noexcept {
  advance(direction::to_server, progress_done);
  advance(direction::to_client, progress_done);
}

namespace {

/// Goes through what one operation has of a buffer.
template <typename Take>
void each_text(const operation& one, buffer_index of, const Take& take) {
  switch (of) {
  case buffer_index::request_dn:
  case buffer_index::responses_dn:
    if (one.dn())
      take(*one.dn());
    break;
  case buffer_index::responses_message:
    if (one.message())
      take(*one.message());
    break;
  case buffer_index::request_attribute_type:
  case buffer_index::responses_attribute_type:
    for (const auto type : one.attribute_types())
      take(type);
  }
}

} // namespace

std::size_t exchange::instances(buffer_id id) const noexcept {
  const auto of = static_cast<buffer_index>(id);
  std::size_t count = 0;
  const auto take = [&](std::string_view) { ++count; };
  if (of > buffer_index::request_attribute_type)
    for (const auto& one : responses_)
      each_text(one, of, take);
  else if (request_)
    each_text(*request_, of, take);
  return count;
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  const auto of = static_cast<buffer_index>(id);
  std::optional<byte_view> found;
  std::size_t count = 0;
  const auto take = [&](std::string_view text) {
    if (count++ == instance)
      found = as_bytes(text);
  };
  if (of <= buffer_index::request_attribute_type) {
    if (request_)
      each_text(*request_, of, take);
    return found;
  }
  for (const auto& one : responses_) {
    each_text(one, of, take);
    if (found)
      break;
  }
  return found;
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  switch (static_cast<field_index>(id)) {
  case field_index::request_operation: return request_ ? 1 : 0;
  case field_index::responses_operation:
  case field_index::responses_result_code: return responses_.size();
  case field_index::responses_count: return 1;
  }
  return 0;
}

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  switch (static_cast<field_index>(id)) {
  case field_index::request_operation:
    if (request_)
      return static_cast<std::uint64_t>(request_->kind());
    return std::nullopt;
  case field_index::responses_count: return response_count_;
  default: break;
  }
  if (instance >= responses_.size())
    return std::nullopt;
  if (static_cast<field_index>(id) == field_index::responses_result_code)
    return responses_[instance].result_code();
  return static_cast<std::uint64_t>(responses_[instance].kind());
}

} // namespace cresset::detect::proto::ldap
