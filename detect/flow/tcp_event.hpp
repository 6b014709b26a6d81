#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cresset::detect::flow {

/// What is odd about a segment in the light of its connection. The enumerators are the names that
/// `stream-event:` rules and anomaly records of the field use; those that begin with a digit there
/// ("3whs_", "4whs_") begin with `handshake_` and `split_handshake_` here.
enum class tcp_event : std::uint8_t {
  handshake_ack_data_inject,
  handshake_ack_in_wrong_dir,
  handshake_async_wrong_seq,
  handshake_right_seq_wrong_ack_evasion,
  handshake_syn_flood,
  handshake_syn_resend_diff_seq_on_syn_recv,
  handshake_syn_toclient_on_syn_recv,
  handshake_synack_flood,
  handshake_synack_in_wrong_direction,
  handshake_synack_resend_with_diff_seq,
  handshake_synack_resend_with_different_ack,
  handshake_synack_tfo_data_ignored,
  handshake_synack_toserver_on_syn_recv,
  handshake_synack_with_wrong_ack,
  handshake_wrong_seq_wrong_ack,
  split_handshake_invalid_ack,
  split_handshake_synack_with_wrong_ack,
  split_handshake_synack_with_wrong_syn,
  split_handshake_wrong_seq,
  closewait_ack_out_of_window,
  closewait_fin_out_of_window,
  closewait_invalid_ack,
  closewait_pkt_before_last_ack,
  closing_ack_wrong_seq,
  closing_invalid_ack,
  est_invalid_ack,
  est_packet_out_of_window,
  est_pkt_before_last_ack,
  est_syn_resend,
  est_syn_resend_diff_seq,
  est_syn_toclient,
  est_synack_resend,
  est_synack_resend_with_diff_seq,
  est_synack_resend_with_different_ack,
  est_synack_toserver,
  fin1_ack_wrong_seq,
  fin1_fin_wrong_seq,
  fin1_invalid_ack,
  fin2_ack_wrong_seq,
  fin2_fin_wrong_seq,
  fin2_invalid_ack,
  fin_but_no_session,
  fin_invalid_ack,
  fin_out_of_window,
  fin_syn,
  lastack_ack_wrong_seq,
  lastack_invalid_ack,
  pkt_bad_window_update,
  pkt_broken_ack,
  pkt_invalid_ack,
  pkt_invalid_timestamp,
  pkt_retransmission,
  pkt_spurious_retransmission,
  reassembly_depth_reached,
  reassembly_overlap_different_data,
  reassembly_segment_before_base_seq,
  reassembly_seq_gap,
  rst_but_no_session,
  rst_invalid_ack,
  shutdown_syn_resend,
  suspected_rst_inject,
  timewait_ack_wrong_seq,
  timewait_invalid_ack,
  wrong_thread,
};

inline constexpr std::size_t tcp_event_count =
    static_cast<std::size_t>(tcp_event::wrong_thread) + 1;

/// The field's name, "3whs_ack_in_wrong_dir".
std::string_view to_string(tcp_event event) noexcept;
/// The event a rule names; nothing when there is none of that name.
std::optional<tcp_event> find_tcp_event(std::string_view name) noexcept;

/// The events of one segment, each once.
class tcp_event_list {
public:
  static constexpr std::size_t limit = 8;

  /// Over the limit it is left out: eight oddities of one segment tell enough.
  void add(tcp_event event) noexcept {
    if (!has(event) && size_ < limit)
      events_[size_++] = event;
  }
  bool has(tcp_event event) const noexcept {
    for (const auto seen : all())
      if (seen == event)
        return true;
    return false;
  }
  bool empty() const noexcept { return size_ == 0; }
  std::span<const tcp_event> all() const noexcept { return std::span{events_}.first(size_); }

private:
  std::array<tcp_event, limit> events_{};
  std::uint8_t size_ = 0;
};

} // namespace cresset::detect::flow
