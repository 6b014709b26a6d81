#include "detect/flow/tcp_event.hpp"

namespace cresset::detect::flow {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, tcp_event_count> names{
    "3whs_ack_data_inject",
    "3whs_ack_in_wrong_dir",
    "3whs_async_wrong_seq",
    "3whs_right_seq_wrong_ack_evasion",
    "3whs_syn_flood",
    "3whs_syn_resend_diff_seq_on_syn_recv",
    "3whs_syn_toclient_on_syn_recv",
    "3whs_synack_flood",
    "3whs_synack_in_wrong_direction",
    "3whs_synack_resend_with_diff_seq",
    "3whs_synack_resend_with_different_ack",
    "3whs_synack_tfo_data_ignored",
    "3whs_synack_toserver_on_syn_recv",
    "3whs_synack_with_wrong_ack",
    "3whs_wrong_seq_wrong_ack",
    "4whs_invalid_ack",
    "4whs_synack_with_wrong_ack",
    "4whs_synack_with_wrong_syn",
    "4whs_wrong_seq",
    "closewait_ack_out_of_window",
    "closewait_fin_out_of_window",
    "closewait_invalid_ack",
    "closewait_pkt_before_last_ack",
    "closing_ack_wrong_seq",
    "closing_invalid_ack",
    "est_invalid_ack",
    "est_packet_out_of_window",
    "est_pkt_before_last_ack",
    "est_syn_resend",
    "est_syn_resend_diff_seq",
    "est_syn_toclient",
    "est_synack_resend",
    "est_synack_resend_with_diff_seq",
    "est_synack_resend_with_different_ack",
    "est_synack_toserver",
    "fin1_ack_wrong_seq",
    "fin1_fin_wrong_seq",
    "fin1_invalid_ack",
    "fin2_ack_wrong_seq",
    "fin2_fin_wrong_seq",
    "fin2_invalid_ack",
    "fin_but_no_session",
    "fin_invalid_ack",
    "fin_out_of_window",
    "fin_syn",
    "lastack_ack_wrong_seq",
    "lastack_invalid_ack",
    "pkt_bad_window_update",
    "pkt_broken_ack",
    "pkt_invalid_ack",
    "pkt_invalid_timestamp",
    "pkt_retransmission",
    "pkt_spurious_retransmission",
    "reassembly_depth_reached",
    "reassembly_overlap_different_data",
    "reassembly_segment_before_base_seq",
    "reassembly_seq_gap",
    "rst_but_no_session",
    "rst_invalid_ack",
    "shutdown_syn_resend",
    "suspected_rst_inject",
    "timewait_ack_wrong_seq",
    "timewait_invalid_ack",
    "wrong_thread",
};

} // namespace

std::string_view to_string(tcp_event event) noexcept {
  return names[static_cast<std::size_t>(event)];
}

std::optional<tcp_event> find_tcp_event(std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<tcp_event>(i);
  return std::nullopt;
}

} // namespace cresset::detect::flow
