#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/proto/dcerpc/pdu.hpp"
#include "detect/proto/direction.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace cresset::detect::proto::dcerpc {

/// Memory that the stub data of one flow may take. What does not fit is counted, not kept.
class stub_budget {
public:
  static constexpr std::size_t limit_bytes = std::size_t{4} << 20;

  std::size_t take(std::size_t wanted) noexcept {
    const auto given = std::min(wanted, limit_bytes - used_);
    used_ += given;
    return given;
  }
  void give_back(std::size_t size) noexcept { used_ -= std::min(size, used_); }

private:
  std::size_t used_ = 0;
};

/// The interfaces one connection or pipe has agreed on.
class bindings {
public:
  static constexpr std::size_t limit = 256; ///< contexts; the oldest gives way

  void offer(std::span<const offered_interface> all);
  /// The server's answer to the offer made last.
  void answer(std::span<const context_answer> all) noexcept;
  /// The interface of that context, unless it was refused.
  const offered_interface* find(std::uint16_t context) const noexcept;

private:
  std::vector<offered_interface> known_;
  std::size_t last_offer_ = 0; ///< where it begins in known_
};

/// One side of a call: its fragments, put together.
struct stub {
  static constexpr std::size_t limit_bytes = std::size_t{1} << 20;

  std::uint32_t fragments = 0;
  std::uint64_t total = 0;
  std::vector<std::byte> kept; ///< the first bytes of it
  bool is_complete = false;

  void append(byte_view bytes, stub_budget& budget);
};

/// One call: what the client asks, what the server answers, each in one or more fragments; or a
/// negotiation (BIND, ALTER_CONTEXT, AUTH3). It is the substance of a transaction over TCP, UDP and
/// SMB alike.
class call {
public:
  explicit call(std::uint32_t id) noexcept : id_{id} {}

  std::uint32_t id() const noexcept { return id_; }
  /// Takes in one PDU of the client; `known` learns from binds. The first says what the call is.
  void take_request(const pdu_header& head, byte_view pdu, bindings& known, stub_budget& budget);
  void take_answer(const pdu_header& head, byte_view pdu, bindings& known, stub_budget& budget);
  /// The same for a datagram: its operation and interface stand in each head.
  void take_datagram(const datagram_header& head, byte_view body, stub_budget& budget);

  /// Whether a fragment of this type continues, or answers, this call.
  bool goes_on_with(pdu_type type) const noexcept;
  bool is_answered_by(pdu_type type) const noexcept;
  bool has_request() const noexcept { return request_.has_value(); }
  bool has_answer() const noexcept { return answer_.has_value(); }
  bool is_request_complete() const noexcept { return of_client_.is_complete; }
  bool is_answer_complete() const noexcept { return of_server_.is_complete; }
  /// Nothing more comes of the side: what is there counts as all.
  void complete(direction way) noexcept { side(way).is_complete = true; }
  /// The side's bytes were lost on the way.
  void lose(direction way) noexcept { lost_[index(way)] = true; }

  bool is_operation() const noexcept { return request_ == pdu_type::request; }
  std::uint16_t operation() const noexcept { return operation_; }
  bool is_little_endian() const noexcept { return is_little_; }
  /// The interface the operation belongs to, where it is known.
  bool has_interface() const noexcept { return is_operation() && !interfaces_.empty(); }
  /// That interface in the form that rules are matched on: UUID, version, minor version, first
  /// fragment (21 bytes).
  byte_view interface_bytes() const noexcept { return interface_bytes_; }
  /// Stub data of one side; nothing when there is none.
  const stub& side(direction way) const noexcept {
    return way == direction::to_server ? of_client_ : of_server_;
  }

  /// Members of the event log's object that all transports share: request, req, response, res,
  /// interfaces.
  void write_members(json_writer& json) const;
  /// Memory that goes back to the budget when the call is gone.
  std::size_t kept_bytes() const noexcept {
    return of_client_.kept.size() + of_server_.kept.size();
  }

private:
  stub& side(direction way) noexcept {
    return way == direction::to_server ? of_client_ : of_server_;
  }
  void set_interface(const offered_interface& one);
  void write_interfaces(json_writer& json) const;

  std::uint32_t id_;
  std::optional<pdu_type> request_;
  std::optional<pdu_type> answer_;
  std::uint16_t operation_ = 0;
  bool is_little_ = true;
  stub of_client_;
  stub of_server_;
  std::vector<offered_interface> interfaces_;
  std::array<std::byte, 21> interface_bytes_{};
  std::array<bool, 2> lost_{};
};

} // namespace cresset::detect::proto::dcerpc
