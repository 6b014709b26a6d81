// The handshake (RFC 6143 section 7.1 to 7.3), server on the left:
//
//   "RFB 003.008\n" →                       ← "RFB 003.008\n"
//   count 1 | types …  →                    ← type 1                  (3.3: → type 4, no choice)
//   challenge 16 →                          ← response 16             (type 2, VNC)
//   result 4 (reason) →                     ← shared 1
//   width 2 | height 2 | format 16 | name
//
// A count or type of 0 is followed by a reason. 3.3 and 3.7 send no result where there is nothing
// to authenticate.
#include "detect/proto/rfb/parser.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>
#include <cstdlib>

namespace cresset::detect::proto::rfb {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr progress at(client_progress p) {
  return static_cast<progress>(p);
}
constexpr progress at(server_progress p) {
  return static_cast<progress>(p);
}

constexpr std::array buffers{buffer_description{"rfb.name", tc, at(server_progress::desktop)}};
constexpr std::array fields{
    field_description{"rfb.sectype", ts, at(client_progress::security_type)},
    field_description{"rfb.secresult", tc, at(server_progress::security_result)},
};

constexpr std::size_t version_size = 12;
constexpr std::size_t challenge_size = 16;
constexpr std::size_t server_init_size = 24; ///< with the length of the name

constexpr std::uint32_t type_invalid = 0;
constexpr std::uint32_t type_none = 1;
constexpr std::uint32_t type_vnc = 2;

} // namespace

constinit const protocol_description description{"rfb", buffers, fields};

direction parser::speaker_of(place where) noexcept {
  switch (where) {
  case place::client_version:
  case place::security_choice:
  case place::vnc_response:
  case place::client_init: return ts;
  default: return tc;
  }
}

std::span<transaction* const> parser::transactions() noexcept {
  if (!one_ || is_released_)
    return {};
  return {&shown_, 1};
}

void parser::release(std::uint64_t number) noexcept {
  is_released_ = is_released_ || (one_ && number == one_->number());
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (at_ == place::finished || at_ == place::broken)
    return at_ == place::finished ? parse_status::finished : parse_status::malformed;
  if (!one_) {
    one_ = std::make_unique<session>();
    shown_ = one_.get();
  }
  auto& mine = held_[index(way)];
  if (mine.size() + bytes.size() > held_limit_bytes)
    fail("confused_state");
  else
    mine.insert(mine.end(), bytes.begin(), bytes.end());
  while (at_ != place::finished && at_ != place::broken) {
    auto& held = held_[index(speaker_of(at_))];
    const auto taken = step(held);
    if (taken == 0)
      break;
    held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  if (at_ == place::finished || at_ == place::broken) {
    held_ = {};
    return at_ == place::finished ? parse_status::finished : parse_status::malformed;
  }
  return held_[index(way)].empty() ? parse_status::consumed : parse_status::need_more;
}

std::size_t parser::step(byte_view bytes) {
  switch (at_) {
  case place::server_version:
  case place::client_version: return take_version(bytes);
  case place::security_types: return take_types(bytes);
  case place::security_choice: return take_choice(bytes);
  case place::security_type: return take_old_type(bytes);
  case place::vnc_challenge:
  case place::vnc_response: return take_vnc(bytes);
  case place::security_result: return take_result(bytes);
  case place::failure_reason: return take_reason(bytes);
  case place::client_init: return take_client_init(bytes);
  case place::server_init: return take_server_init(bytes);
  case place::finished:
  case place::broken: break;
  }
  return 0;
}

unsigned parser::minor_version() const noexcept {
  const auto& client = one_->versions[index(ts)];
  return client ? static_cast<unsigned>(std::strtoul(client->minor.c_str(), nullptr, 10)) : 0;
}

/// "RFB 003.008\n"
std::size_t parser::take_version(byte_view bytes) {
  if (bytes.size() < version_size)
    return 0;
  const auto text = as_text(bytes.first(version_size));
  const auto is_digits = [&](std::size_t from) {
    return text.substr(from, 3).find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!text.starts_with("RFB ") || text[7] != '.' || text[11] != '\n' || !is_digits(4) ||
      !is_digits(8)) {
    fail("malformed_message");
    return 0;
  }
  const auto way = speaker_of(at_);
  one_->versions[index(way)] =
      version{std::string{text.substr(4, 3)}, std::string{text.substr(8, 3)}};
  one_->advance(way, at(server_progress::version));
  if (at_ == place::server_version)
    at_ = place::client_version;
  else
    at_ = minor_version() >= 7 ? place::security_types : place::security_type;
  return version_size;
}

std::size_t parser::take_types(byte_view bytes) {
  if (bytes.empty())
    return 0;
  const auto count = std::to_integer<std::size_t>(bytes[0]);
  if (bytes.size() < 1 + count)
    return 0;
  at_ = count == 0 ? place::failure_reason : place::security_choice;
  one_->advance(tc, at(server_progress::security_type));
  return 1 + count;
}

std::size_t parser::take_choice(byte_view bytes) {
  if (bytes.empty())
    return 0;
  choose(std::to_integer<std::uint32_t>(bytes[0]));
  return 1;
}

std::size_t parser::take_old_type(byte_view bytes) {
  const auto type = byte_reader{bytes}.be32();
  if (!type)
    return 0;
  one_->advance(tc, at(server_progress::security_type));
  choose(*type);
  return sizeof *type;
}

void parser::choose(std::uint32_t type) {
  one_->security_type = type;
  one_->advance(ts, at(client_progress::security_type));
  if (type == type_invalid)
    at_ = place::failure_reason;
  else if (type == type_none)
    at_ = minor_version() >= 8 ? place::security_result : place::client_init;
  else if (type == type_vnc)
    at_ = place::vnc_challenge;
  else
    fail("unimplemented_security_type");
}

std::size_t parser::take_vnc(byte_view bytes) {
  if (bytes.size() < challenge_size)
    return 0;
  const bool is_challenge = at_ == place::vnc_challenge;
  auto& into = is_challenge ? one_->challenge : one_->response;
  into.assign(bytes.begin(), bytes.begin() + challenge_size);
  at_ = is_challenge ? place::vnc_response : place::security_result;
  return challenge_size;
}

std::size_t parser::take_result(byte_view bytes) {
  const auto result = byte_reader{bytes}.be32();
  if (!result)
    return 0;
  one_->security_result = *result;
  one_->advance(tc, at(server_progress::security_result));
  if (*result == 0) {
    at_ = place::client_init;
  } else if (*result <= 2 && minor_version() >= 8) {
    at_ = place::failure_reason;
  } else {
    if (*result > 2)
      one_->raise("unknown_security_result");
    at_ = place::finished;
    end(ts);
    end(tc);
  }
  return sizeof *result;
}

std::size_t parser::take_reason(byte_view bytes) {
  byte_reader in{bytes};
  const auto length = in.be32();
  if (!length)
    return 0;
  if (*length > text_limit_bytes) {
    fail("malformed_message");
    return 0;
  }
  const auto reason = in.take(*length);
  if (!reason)
    return 0;
  one_->failure_reason = std::string{as_text(*reason)};
  at_ = place::finished;
  end(ts);
  end(tc);
  return in.position();
}

std::size_t parser::take_client_init(byte_view bytes) {
  if (bytes.empty())
    return 0;
  one_->is_shared = std::to_integer<unsigned>(bytes[0]) != 0;
  one_->advance(ts, at(client_progress::shared));
  at_ = place::server_init;
  return 1;
}

std::size_t parser::take_server_init(byte_view bytes) {
  if (bytes.size() < server_init_size)
    return 0;
  byte_reader in{bytes};
  desktop made;
  auto& f = made.format;
  made.width = *in.be16();
  made.height = *in.be16();
  f.bits_per_pixel = *in.u8();
  f.depth = *in.u8();
  f.is_big_endian = *in.u8() != 0;
  f.is_true_color = *in.u8() != 0;
  f.red_max = *in.be16();
  f.green_max = *in.be16();
  f.blue_max = *in.be16();
  f.red_shift = *in.u8();
  f.green_shift = *in.u8();
  f.blue_shift = *in.u8();
  in.skip(3); // padding
  const auto length = *in.be32();
  if (length > text_limit_bytes) {
    fail("malformed_message");
    return 0;
  }
  const auto name = in.take(length);
  if (!name)
    return 0;
  made.name = as_text(*name);
  one_->desktop = std::move(made);
  at_ = place::finished;
  end(ts);
  end(tc);
  return in.position();
}

void parser::fail(std::string_view event) {
  one_->raise(event);
  at_ = place::broken;
  end(ts);
  end(tc);
}

parse_status parser::gap(direction, std::uint64_t) {
  if (at_ == place::finished)
    return parse_status::finished;
  at_ = place::broken;
  held_ = {};
  end(ts);
  end(tc);
  return parse_status::malformed;
}

void parser::end(direction way) {
  if (one_)
    one_->advance(way, progress_done);
}

} // namespace cresset::detect::proto::rfb
