#include "detect/proto/ike/parser.hpp"

#include <array>

namespace cresset::detect::proto::ike {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"ike.init_spi", ts, progress_done},
    buffer_description{"ike.init_spi", tc, progress_done},
    buffer_description{"ike.resp_spi", ts, progress_done},
    buffer_description{"ike.resp_spi", tc, progress_done},
    buffer_description{"ike.vendor", ts, progress_done, true},
    buffer_description{"ike.vendor", tc, progress_done, true},
    buffer_description{"ike.key_exchange_payload", ts, progress_done},
    buffer_description{"ike.key_exchange_payload", tc, progress_done},
    buffer_description{"ike.nonce_payload", ts, progress_done},
    buffer_description{"ike.nonce_payload", tc, progress_done},
};
static_assert(buffers.size() == 2 * part_count);

constexpr std::array fields{
    field_description{"ike.exchtype", ts, progress_done},
    field_description{"ike.exchtype", tc, progress_done},
    field_description{"ike.key_exchange_payload_length", ts, progress_done},
    field_description{"ike.key_exchange_payload_length", tc, progress_done},
    field_description{"ike.nonce_payload_length", ts, progress_done},
    field_description{"ike.nonce_payload_length", tc, progress_done},
    // ike.chosen_sa_attribute names one of these, in the order of attribute_kind
    field_description{"ike.chosen_sa_attribute.alg_enc", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_hash", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_auth", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_dh", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_prf", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_integ", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.alg_esn", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.sa_group_type", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.sa_life_type", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.sa_life_duration", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.sa_key_length", tc, progress_done},
    field_description{"ike.chosen_sa_attribute.sa_field_size", tc, progress_done},
};
static_assert(fields.size() == 2 * number_count + attribute_kind_count);

constexpr std::size_t keep_alive_size = 1;

} // namespace

constinit const protocol_description description{"ike", buffers, fields};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  const bool has_marker = bytes.size() >= 4 && load_be32(bytes.first<4>()) == 0;
  is_encapsulated_ = is_encapsulated_ || has_marker;
  if (bytes.size() <= keep_alive_size || (is_encapsulated_ && !has_marker))
    return parse_status::consumed;
  auto* one = add(way, so_far_);
  return one != nullptr && one->read(bytes) ? parse_status::consumed : parse_status::resynchronised;
}

} // namespace cresset::detect::proto::ike
