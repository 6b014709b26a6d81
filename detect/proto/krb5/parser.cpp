#include "detect/proto/krb5/parser.hpp"

#include "detect/proto/recognise.hpp"

#include <array>

namespace cresset::detect::proto::krb5 {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{buffer_description{"krb5.cname", ts, progress_done, true},
                             buffer_description{"krb5.cname", tc, progress_done, true},
                             buffer_description{"krb5.sname", ts, progress_done, true},
                             buffer_description{"krb5.sname", tc, progress_done, true}};
constexpr std::array fields{field_description{"krb5_msg_type", ts, progress_done},
                            field_description{"krb5_msg_type", tc, progress_done},
                            field_description{"krb5_err_code", ts, progress_done},
                            field_description{"krb5_err_code", tc, progress_done},
                            field_description{"krb5.ticket_encryption", ts, progress_done},
                            field_description{"krb5.ticket_encryption", tc, progress_done}};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::sname_tc) + 1);
static_assert(fields.size() == static_cast<std::size_t>(field_index::ticket_encryption_tc) + 1);

constexpr std::size_t mark_size = 4;

/// Four bytes of length; the highest bit is reserved and must be 0.
measured size_of_record(byte_view bytes) noexcept {
  if (bytes.size() < mark_size)
    return {measured::kind::need_more};
  const std::size_t length = load_be32(bytes.first<mark_size>());
  if (length == 0 || length > 0x7fffffffU)
    return {measured::kind::refused};
  return {measured::kind::known, mark_size + length};
}

} // namespace

constinit const protocol_description description{"krb5", buffers, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (over_ == transport::udp)
    return one_message(way, bytes, false) ? parse_status::consumed : parse_status::resynchronised;
  auto& mine = halves_[index(way)];
  if (mine.lost_sync) {
    if (recognise::krb5_stream(bytes) != likeness::yes)
      return parse_status::resynchronised;
    mine.lost_sync = false;
  }
  const auto status = mine.cutter.feed(bytes, size_of_record, [&](byte_view record, bool is_cut) {
    one_message(way, record.subspan(mark_size), is_cut);
    return true;
  });
  if (status != parse_status::malformed)
    return status;
  if (auto* one = add(way)) {
    one->raise("malformed_data");
    one->complete(false);
  }
  return status;
}

bool parser::one_message(direction way, byte_view bytes, bool is_cut) {
  auto* one = add(way);
  if (one == nullptr)
    return false;
  const bool fine = one->read(bytes);
  if (is_cut)
    one->note_cut();
  switch (one->type()) {
  case message_type::as_req:
  case message_type::tgs_req:
  case message_type::ap_req: last_request_ = one->type(); break;
  case message_type::error: one->answers(last_request_); break;
  default: break;
  }
  return fine;
}

parse_status parser::gap(direction way, std::uint64_t size) {
  auto& mine = halves_[index(way)];
  if (over_ == transport::tcp && !mine.cutter.lose(size))
    mine.lost_sync = true;
  return parse_status::resynchronised;
}

} // namespace cresset::detect::proto::krb5
