// A message (manual, "Message Formats"):
//
//   type 1 | length 4, itself included | body
//
// but for the client's first ones, which have no type: SSLRequest and GSSENCRequest, answered by
// one byte, CancelRequest, StartupMessage.
#include "detect/proto/pgsql/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::proto::pgsql {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{buffer_description{"pgsql.query", ts, progress_done}};

constexpr std::uint32_t code_cancel = 80877102;
constexpr std::uint32_t code_ssl = 80877103;
constexpr std::uint32_t code_gss = 80877104;
constexpr std::uint32_t longest_message = 1U << 30; // the server takes no longer ones
constexpr std::byte tls_handshake{0x16};

/// The text before the next zero, or all that is left.
std::string_view take_text(byte_reader& in) noexcept {
  const auto rest = as_text(in.rest());
  const auto text = rest.substr(0, rest.find('\0'));
  in.skip(std::min(text.size() + 1, in.remaining()));
  return text;
}

std::string_view authentication_name(std::uint32_t kind) noexcept {
  switch (kind) {
  case 0: return "authentication_ok";
  case 2: return "authentication_kerberos_v5";
  case 3: return "authentication_cleartext_password";
  case 5: return "authentication_md5_password";
  case 7: return "authentication_gss";
  case 8: return "authentication_gss_continue";
  case 9: return "authentication_sspi";
  case 10: return "authentication_sasl";
  case 11: return "authentication_sasl_continue";
  case 12: return "authentication_sasl_final";
  default: return "authentication_unknown";
  }
}

/// Rows and copied data are counted and never looked into.
bool is_only_counted(char type) noexcept {
  return type == 'D' || type == 'd';
}

} // namespace

constinit const protocol_description description{"pgsql", buffers, {}};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  while (!bytes.empty() && !mine.broken && !has_changed_)
    bytes = take(way, bytes);
  if (has_changed_) {
    left_over_[index(way)] = bytes;
    return parse_status::changed;
  }
  if (mine.broken)
    return parse_status::malformed;
  return mine.open.empty() && mine.to_skip == 0 ? parse_status::consumed : parse_status::need_more;
}

/// Takes one step: a part of what is skipped, or of a message. Gives what is left.
byte_view parser::take(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.to_skip > 0) {
    const auto skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(mine.to_skip, bytes.size()));
    mine.to_skip -= skipped;
    return bytes.subspan(skipped);
  }
  const auto* open = awaiting();
  if (way == tc && mine.open.empty() && open != nullptr &&
      (open->what() == request_kind::ssl || open->what() == request_kind::gss))
    return take_ssl_answer(bytes);
  const bool is_untyped = way == ts && !has_begun_;
  if (is_untyped && mine.open.empty() && bytes[0] == tls_handshake) {
    has_changed_ = true; // the server's consent was not seen
    return bytes;
  }
  const auto take_up_to = [&](std::size_t size) {
    const auto taken = bytes.first(std::min(bytes.size(), size - mine.open.size()));
    mine.open.insert(mine.open.end(), taken.begin(), taken.end());
    bytes = bytes.subspan(taken.size());
    return mine.open.size() == size;
  };
  const std::size_t head = is_untyped ? 4 : 5;
  if (mine.open.size() < head && !take_up_to(head))
    return bytes;
  const auto length = load_be32(byte_view{mine.open}.subspan(head - 4).first<4>());
  if (length < 4 || length > longest_message) {
    fail(way);
    return {};
  }
  const std::uint64_t body = length - 4;
  const char type = is_untyped ? '\0' : static_cast<char>(mine.open[0]);
  const auto kept =
      is_only_counted(type)
          ? 0
          : static_cast<std::size_t>(std::min<std::uint64_t>(body, message_limit_bytes));
  if (mine.open.size() < head + kept && !take_up_to(head + kept))
    return bytes;
  const auto message = std::exchange(mine.open, {});
  mine.to_skip = body - kept;
  if (is_untyped)
    on_untyped(byte_view{message}.subspan(head));
  else
    on_message(way, type, byte_view{message}.subspan(head), body);
  return bytes;
}

byte_view parser::take_ssl_answer(byte_view bytes) {
  auto* one = awaiting();
  const auto answer = static_cast<char>(bytes[0]);
  if (answer == 'E') { // a server too old to know the request
    one->complete(tc);
    return bytes;
  }
  one->begin_response();
  one->response.ssl_accepted = answer == 'S' || answer == 'G';
  one->complete(tc);
  has_changed_ = *one->response.ssl_accepted;
  if (!has_changed_ && answer != 'N') {
    fail(tc);
    return {};
  }
  return bytes.subspan(1);
}

void parser::on_untyped(byte_view body) {
  byte_reader in{body};
  const auto code = in.be32();
  if (!code)
    return fail(ts);
  const auto kind = *code == code_ssl      ? request_kind::ssl
                    : *code == code_gss    ? request_kind::gss
                    : *code == code_cancel ? request_kind::cancel
                                           : request_kind::startup;
  auto* one = make(kind);
  has_begun_ = kind == request_kind::startup || kind == request_kind::cancel;
  if (one == nullptr)
    return;
  if (kind == request_kind::cancel) {
    one->request.process_id = in.be32().value_or(0);
    one->request.secret_key = in.be32().value_or(0);
    one->complete(tc); // there is no answer
  } else if (kind == request_kind::startup) {
    one->request.version = fmt::format("{}.{}", *code >> 16, *code & 0xffffU);
    if (*code >> 16 != 3)
      one->raise("malformed_request");
    while (in.remaining() > 1 && one->request.parameters.size() < exchange::parameters_limit) {
      const auto name = take_text(in);
      const auto value = take_text(in);
      one->request.parameters.emplace_back(name, value);
    }
  }
}

void parser::on_message(direction way, char type, byte_view body, std::uint64_t length) {
  if (way == ts)
    on_request(type, body, length);
  else
    on_response(type, body, length);
}

void parser::on_request(char type, byte_view body, std::uint64_t length) {
  byte_reader in{body};
  switch (type) {
  case 'Q':
    is_open_query_ = false;
    if (auto* one = make(request_kind::query))
      one->request.text = keep(as_bytes(take_text(in)));
    return;
  case 'P': { // Parse: the statement's name, the query
    auto* one =
        is_open_query_ && !live_.empty() ? &live_.newest() : make(request_kind::extended_query);
    is_open_query_ = true;
    take_text(in);
    if (one != nullptr && one->request.text.empty())
      one->request.text = keep(as_bytes(take_text(in)));
    return;
  }
  case 'B':
  case 'C':
  case 'D':
  case 'E':
  case 'F':
  case 'H':
    if (!std::exchange(is_open_query_, true))
      make(request_kind::extended_query);
    return;
  case 'S': // Sync
    if (!std::exchange(is_open_query_, false))
      make(request_kind::extended_query);
    return;
  case 'p': return on_password(body);
  case 'd': return on_copy_data(length);
  case 'c': // CopyDone, CopyFail: the response follows
  case 'f': return;
  case 'X':
    if (auto* one = make(request_kind::terminate))
      one->complete(tc);
    return;
  default:
    if (auto* one = make(request_kind::none)) {
      one->raise("malformed_request");
      one->complete(tc);
    }
  }
}

void parser::on_password(byte_view body) {
  byte_reader in{body};
  if (asked_ == asked_for::sasl) {
    if (auto* one = make(request_kind::sasl_initial)) {
      one->request.mechanism = keep(as_bytes(take_text(in)));
      in.skip(4); // the length of what follows
      one->request.text = keep(in.rest());
    }
  } else if (asked_ == asked_for::sasl_more) {
    if (auto* one = make(request_kind::sasl_response))
      one->request.text = keep(body);
  } else if (auto* one = make(request_kind::password)) {
    one->request.text = keep(as_bytes(take_text(in)));
  }
}

void parser::on_copy_data(std::uint64_t length) {
  auto* one = live_.empty() ? nullptr : &live_.newest();
  if (one == nullptr || one->what() != request_kind::copy_data || one->is_done(tc))
    one = make(request_kind::copy_data);
  if (one == nullptr)
    return;
  ++one->request.messages;
  one->request.bytes += length;
}

/// The oldest request that still waits for (more of) its response.
exchange* parser::awaiting() noexcept {
  for (; !waiting_.empty(); waiting_.pop_front())
    if (auto* one = live_.find(waiting_.front()); one != nullptr && !one->is_done(tc))
      return one;
  return nullptr;
}

void parser::on_response(char type, byte_view body, std::uint64_t length) {
  if (type == 'N' || type == 'A')
    return; // notices and notifications belong to nobody
  auto* one = awaiting();
  if (one == nullptr) {
    if (type == 'Z' || type == 'S' || (one = make(request_kind::none)) == nullptr)
      return;
  }
  one->begin_response();
  byte_reader in{body};
  auto& told = one->response;
  switch (type) {
  case 'R': return on_authentication(*one, in);
  case 'S':
    if (told.parameters.size() < exchange::parameters_limit) {
      const auto name = take_text(in);
      told.parameters.emplace_back(keep(as_bytes(name)), keep(as_bytes(take_text(in))));
    }
    return;
  case 'K':
    told.process_id = in.be32();
    told.secret_key = in.be32();
    if (!told.secret_key) // a longer or shorter key than ours
      told.secret_key = 0;
    return;
  case 'E':
    while (in.remaining() > 1 && told.error.size() < exchange::parameters_limit) {
      const auto code = static_cast<char>(*in.u8());
      told.error.emplace_back(code, keep(as_bytes(take_text(in))));
    }
    // before the first ReadyForQuery an error ends the connection
    if (one->what() != request_kind::query && one->what() != request_kind::extended_query &&
        one->what() != request_kind::copy_data)
      one->complete(tc);
    return;
  case 'C': told.completed = keep(as_bytes(take_text(in))); return;
  case 'Z': one->complete(tc); return;
  default: on_rows(*one, type, body, length);
  }
}

void parser::on_rows(exchange& one, char type, byte_view body, std::uint64_t length) {
  byte_reader in{body};
  auto& told = one.response;
  const auto columns = [&] { // behind the overall format
    in.skip(1);
    return in.be16().value_or(0);
  };
  switch (type) {
  case 'T': told.fields = in.be16().value_or(0); return;
  case 'D':
    ++told.rows;
    told.row_bytes += length;
    return;
  case 'd':
    ++told.copied;
    told.copied_bytes += length;
    return;
  case 'G': // the client's data is an exchange of its own
    told.copy_in_columns = columns();
    one.complete(tc);
    return;
  case 'H': told.copy_out_columns = columns(); return;
  case 'W':
  case 'c':
  case 'I':
  case '1':
  case '2':
  case '3':
  case 'n':
  case 's':
  case 't':
  case 'V':
  case 'v': return;
  default: one.raise("malformed_response");
  }
}

void parser::on_authentication(exchange& one, byte_reader in) {
  const auto kind = in.be32();
  if (!kind) {
    one.raise("malformed_response");
    return;
  }
  one.response.authentication = authentication_name(*kind);
  if (*kind == 0)
    return; // what belongs to it follows, up to ReadyForQuery
  if (*kind == 5 || *kind == 11 || *kind == 12)
    one.response.authentication_text = keep(in.rest());
  asked_ = *kind == 10 ? asked_for::sasl : *kind == 11 ? asked_for::sasl_more : asked_for::password;
  if (*kind != 12) // final: AuthenticationOk comes with it
    one.complete(tc);
}

exchange* parser::make(request_kind what) {
  awaiting(); // forgets those that are answered
  if (waiting_.size() >= settings_.max_transactions ||
      live_.size() >= 2 * settings_.max_transactions) {
    if (!live_.empty())
      live_.newest().raise("too_many_transactions");
    ++refused_;
    return nullptr;
  }
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), what, settings_));
  one.complete(ts);
  waiting_.push_back(one.number());
  return &one;
}

std::string parser::keep(byte_view text) {
  const auto size =
      std::min(text.size(), retained_limit_bytes - std::min(retained_limit_bytes, retained_));
  retained_ += size;
  return std::string{as_text(text.first(size))};
}

void parser::fail(direction way) {
  halves_[index(way)] = {.open = {}, .to_skip = 0, .broken = true};
  auto* one = live_.empty() ? make(request_kind::none) : &live_.newest();
  if (one != nullptr)
    one->raise("invalid_length");
}

parse_status parser::gap(direction way, std::uint64_t size) {
  auto& mine = halves_[index(way)];
  if (!mine.broken && size <= mine.to_skip) {
    mine.to_skip -= size;
    return parse_status::resynchronised;
  }
  mine = {.open = {}, .to_skip = 0, .broken = true};
  return parse_status::malformed;
}

void parser::end(direction way) {
  halves_[index(way)].open.clear();
  for (std::size_t i = 0; i < live_.size(); ++i)
    live_[i].complete(way);
}

void parser::release(std::uint64_t number) noexcept {
  live_.take(number);
  if (live_.empty())
    retained_ = 0;
}

} // namespace cresset::detect::proto::pgsql
