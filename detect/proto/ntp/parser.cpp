// The header (RFC 5905 section 7.3), of which the beginning is read:
//
//   leap 2 bits, version 3, mode 3 | stratum 1 | poll 1 | precision 1 | root delay 4 |
//   root dispersion 4 | reference id 4 | four times of 8
//
// Control (6) and private (7) messages share only the first byte.
#include "detect/proto/ntp/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::proto::ntp {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{buffer_description{"ntp.reference_id", ts, progress_done},
                             buffer_description{"ntp.reference_id", tc, progress_done}};

constexpr std::array fields{
    field_description{"ntp.mode", ts, progress_done},
    field_description{"ntp.stratum", ts, progress_done},
    field_description{"ntp.version", ts, progress_done},
    field_description{"ntp.mode", tc, progress_done},
    field_description{"ntp.stratum", tc, progress_done},
    field_description{"ntp.version", tc, progress_done},
};
static_assert(fields.size() == 2 * static_cast<std::size_t>(field_index::count));

constexpr std::size_t header_size = 48;
constexpr std::size_t control_header_size = 8; ///< what both kinds of mode 6 and 7 have at least
constexpr std::size_t stratum_at = 1;
constexpr std::size_t reference_id_at = 12;

} // namespace

constinit const protocol_description description{"ntp", buffers, fields};

void message::read(byte_view bytes) noexcept {
  if (bytes.empty()) {
    events_.raise("malformed_data");
    return;
  }
  first_ = std::to_integer<std::uint8_t>(bytes[0]);
  const bool is_control = mode() == ntp::mode::control || mode() == ntp::mode::reserved;
  if (bytes.size() < (is_control ? control_header_size : header_size) || version() < 1 ||
      version() > 4) {
    events_.raise("malformed_data");
    return;
  }
  is_read_ = true;
  if (way_ == ts && mode() == ntp::mode::server)
    events_.raise("not_request");
  if (way_ == tc && mode() == ntp::mode::client)
    events_.raise("not_response");
  if (is_control)
    return;
  has_times_ = true;
  stratum_ = std::to_integer<std::uint8_t>(bytes[stratum_at]);
  std::copy_n(bytes.begin() + reference_id_at, reference_id_.size(), reference_id_.begin());
}

std::size_t message::instances(buffer_id id) const noexcept {
  const auto own = way_ == ts ? buffer_index::reference_id_ts : buffer_index::reference_id_tc;
  return has_times_ && static_cast<buffer_index>(id) == own ? 1 : 0;
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return reference_id_;
}

std::size_t message::field_instances(field_id id) const noexcept {
  constexpr auto kinds = static_cast<field_id>(field_index::count);
  if (!is_read_ || (id < kinds) != (way_ == ts))
    return 0;
  return static_cast<field_index>(id % kinds) != field_index::stratum || has_times_ ? 1 : 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  switch (static_cast<field_index>(id % static_cast<field_id>(field_index::count))) {
  case field_index::mode: return static_cast<std::uint64_t>(mode());
  case field_index::stratum: return stratum_;
  case field_index::version: return version();
  case field_index::count: break;
  }
  return std::nullopt;
}

void message::write_members(json_writer& json) const {
  if (!is_read_)
    return;
  json.member("version", version()).member("mode", static_cast<unsigned>(mode()));
  if (!has_times_)
    return;
  json.member("stratum", stratum_);
  std::array<unsigned, 4> id{};
  std::transform(reference_id_.begin(), reference_id_.end(), id.begin(),
                 [](std::byte one) { return std::to_integer<unsigned>(one); });
  json.member("reference_id",
              fmt::format("{:02x}:{:02x}:{:02x}:{:02x}", id[0], id[1], id[2], id[3]));
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (live_.size() >= transaction_limit) {
    ++refused_;
    return parse_status::resynchronised;
  }
  live_.add(std::make_unique<message>(live_.next_number(), way)).read(bytes);
  return live_.newest().events().empty() ? parse_status::consumed : parse_status::resynchronised;
}

} // namespace cresset::detect::proto::ntp
