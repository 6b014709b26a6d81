// The library parses a pair of streams and calls back at each step of a transaction. It frees
// nothing before it is told to: a released exchange takes its transaction along when both
// directions are complete, and waits as an orphan until then. Two of its answers need care:
// DATA_OTHER means that the rest of the bytes must be offered again once the other direction has
// moved, TUNNEL that what follows is no HTTP.
#include "detect/proto/http/connection.hpp"

#include "detect/proto/http/log_event.hpp"
#include "detect/proto/http/personality.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::http {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr int status_switching_protocols = 101;
constexpr std::size_t stray_line_limit = 256;
constexpr std::array<std::string_view, 2> frame_types{"request", "response"}; ///< by direction

/// A response may have one stray line in front of it that begins with a blank; clients pass over
/// it, and what matters is what they read. Gives the bytes behind it.
byte_view without_stray_line(byte_view bytes) noexcept {
  if (bytes.empty() || (bytes[0] != std::byte{' '} && bytes[0] != std::byte{'\t'}))
    return bytes;
  const auto end = as_text(bytes.first(std::min(bytes.size(), stray_line_limit))).find('\n');
  if (end == std::string_view::npos || !as_text(bytes.subspan(end + 1)).starts_with("HTTP/1."))
    return bytes;
  return bytes.subspan(end + 1);
}

} // namespace

/// The library's callbacks; each finds its connection by the parser's user data.
struct connection::callbacks {
  static connection& self_of(const htp_connp_t* parser) {
    return *static_cast<connection*>(htp_connp_get_user_data(parser));
  }
  template <typename Then>
  static int with(htp_tx_t* tx, Then then) {
    if (tx == nullptr)
      return HTP_ERROR;
    then(self_of(tx->connp).exchange_of(tx));
    return HTP_OK;
  }

  static int request_start(htp_tx_t* tx) {
    return with(tx, [&](exchange& one) { self_of(tx->connp).begin_frame(to_server, one); });
  }
  static int response_start(htp_tx_t* tx) {
    return with(tx, [&](exchange& one) { self_of(tx->connp).begin_frame(to_client, one); });
  }
  static int request_line(htp_tx_t* tx) {
    return with(tx, [](exchange& one) { one.on_request_line(); });
  }
  static int request_headers(htp_tx_t* tx) {
    self_of(tx->connp).note_head_end(to_server);
    return with(tx, [&](exchange& one) { self_of(tx->connp).on_request_headers(one); });
  }
  static int request_body(htp_tx_data_t* data) {
    return with(data->tx, [&](exchange& one) { one.on_request_body(*data); });
  }
  static int request_complete(htp_tx_t* tx) {
    const bool by_close = self_of(tx->connp).is_closing_;
    self_of(tx->connp).end_frame(to_server, tx->request_message_len);
    return with(tx, [&](exchange& one) { one.on_request_complete(by_close); });
  }
  static int request_head(htp_tx_data_t* data) { return raw_head(data, to_server); }
  static int response_head(htp_tx_data_t* data) { return raw_head(data, to_client); }
  static int raw_head(htp_tx_data_t* data, direction way) {
    self_of(data->tx->connp).note_place(way);
    return with(data->tx, [&](exchange& one) {
      if (data->data != nullptr)
        one.on_raw_head(way, std::as_bytes(std::span{data->data, data->len}));
    });
  }
  static int response_line(htp_tx_t* tx) {
    return with(tx, [](exchange& one) { one.on_response_line(); });
  }
  static int response_headers(htp_tx_t* tx) {
    self_of(tx->connp).note_head_end(to_client);
    return with(tx, [&](exchange& one) { self_of(tx->connp).on_response_headers(one); });
  }
  static int response_body(htp_tx_data_t* data) {
    if (self_of(data->tx->connp).has_changed_)
      return HTP_OK; // no body, whatever the library thinks: the next protocol's bytes
    return with(data->tx,
                [&](exchange& one) { self_of(data->tx->connp).on_response_body(one, *data); });
  }
  static int response_complete(htp_tx_t* tx) {
    self_of(tx->connp).end_frame(to_client, tx->response_message_len);
    return with(tx, [&](exchange& one) { self_of(tx->connp).on_response_complete(one); });
  }
  static int log(htp_log_t* log) {
    self_of(log->connp).note(*log);
    return HTP_OK;
  }
};

void connection::register_callbacks(htp_cfg_t* cfg) {
  htp_config_register_request_start(cfg, callbacks::request_start);
  htp_config_register_request_line(cfg, callbacks::request_line);
  htp_config_register_request_header_data(cfg, callbacks::request_head);
  htp_config_register_request_headers(cfg, callbacks::request_headers);
  htp_config_register_request_body_data(cfg, callbacks::request_body);
  htp_config_register_request_trailer_data(cfg, callbacks::request_head);
  htp_config_register_request_complete(cfg, callbacks::request_complete);
  htp_config_register_response_start(cfg, callbacks::response_start);
  htp_config_register_response_line(cfg, callbacks::response_line);
  htp_config_register_response_header_data(cfg, callbacks::response_head);
  htp_config_register_response_headers(cfg, callbacks::response_headers);
  htp_config_register_response_body_data(cfg, callbacks::response_body);
  htp_config_register_response_trailer_data(cfg, callbacks::response_head);
  htp_config_register_response_complete(cfg, callbacks::response_complete);
  htp_config_register_log(cfg, callbacks::log);
}

connection::connection(const personality& rules, std::uint16_t client_port,
                       std::uint16_t server_port)
    : limits_{rules.limits()}, client_port_{client_port}, server_port_{server_port},
      ranges_{limits_.response_body_limit}, parser_{htp_connp_create(rules.state_->cfg.get())} {
  if (!parser_)
    return; // no memory: every call answers malformed
  htp_connp_set_user_data(parser_.get(), this);
  htp_connp_open(parser_.get(), nullptr, client_port_, nullptr, server_port_, nullptr);
}

connection::~connection() = default;

exchange& connection::exchange_of(htp_tx_t* tx) {
  if (auto* known = static_cast<exchange*>(htp_tx_get_user_data(tx)))
    return *known;
  // Over the limit nothing can be refused here: the library answers an error at this place by
  // trying again, for ever. The bytes at hand are read to their end, and then no more.
  if (live_.size() + orphans_.size() >= limits_.transaction_limit)
    is_full_ = true;
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), tx, limits_));
  htp_tx_set_user_data(tx, &one);
  for (const auto event : std::exchange(early_events_, {}))
    one.raise(event);
  return one;
}

/// A request without a version is taken for HTTP/0.9, whose answer has no head. When the answer has
/// one all the same, it is read as one.
void connection::expect_head(byte_view answer) noexcept {
  if (!as_text(answer).starts_with("HTTP/1."))
    return;
  for (std::size_t i = 0; i < live_.size(); ++i)
    if (auto* tx = live_[i].tx(); tx->response_progress == HTP_RESPONSE_NOT_STARTED) {
      tx->is_protocol_0_9 = 0;
      return;
    }
}

void connection::note(const htp_log_t& log) {
  const auto event = event_of(log.msg == nullptr ? std::string_view{} : log.msg, fed_);
  if (event.empty())
    return;
  auto* tx =
      fed_ == to_client ? htp_connp_get_out_tx(parser_.get()) : htp_connp_get_in_tx(parser_.get());
  if (tx != nullptr && event == "abnormal_ce_header" && exchange_of(tx).is_brotli())
    return; // unknown to the library, not to us
  if (tx != nullptr)
    exchange_of(tx).raise(event);
  else if (early_events_.size() < early_event_limit)
    early_events_.push_back(event);
}

void connection::on_request_headers(exchange& one) {
  one.on_request_headers(server_port_);
  const auto at = htp_connp_req_data_consumed(parser_.get());
  read_chunk_lines(at);
  chunks_.reset();
  if (one.tx()->request_transfer_coding != HTP_CODING_CHUNKED)
    return;
  chunks_.emplace();
  chunked_ = &one;
  chunks_from_ = at;
}

/// Of the bytes at hand, those of the chunked body up to `upto`.
void connection::read_chunk_lines(std::size_t upto) {
  if (!chunks_ || fed_ != to_server)
    return;
  upto = std::min(upto, given_.size());
  chunks_->bytes(given_.subspan(std::min(chunks_from_, upto), upto - std::min(chunks_from_, upto)));
  chunks_from_ = upto;
  if (chunks_->has_extension())
    chunked_->raise("request_chunk_extension");
  if (chunks_->has_extension() || chunks_->is_over())
    chunks_.reset();
}

/// Behind a tunnel's 2xx (RFC 9110 9.3.6) and a 101 (15.2.2) HTTP is over with the head. A 101 that
/// names a body is none.
void connection::on_response_headers(exchange& one) {
  one.on_response_headers();
  part_of_.reset();
  if (const auto part = one.part(); part && ranges_.begin(*part, one.name_from_path()))
    part_of_ = one.number();
  const auto* tx = one.tx();
  const auto has = [&](const char* name) {
    return tx->response_headers != nullptr &&
           htp_table_get_c(tx->response_headers, name) != nullptr;
  };
  const int status = tx->response_status_number;
  const bool is_tunnel =
      tx->request_method_number == HTP_M_CONNECT && status >= 200 && status < 300;
  const bool is_switch =
      status == status_switching_protocols && !has("content-length") && !has("transfer-encoding");
  if (!is_tunnel && !is_switch)
    return;
  change_at_ = htp_connp_res_data_consumed(parser_.get());
  change_from(one);
}

void connection::on_response_complete(exchange& one) {
  if (has_changed_)
    return;
  if (part_of_ == one.number() && ranges_.is_whole()) {
    auto name = ranges_.name();
    one.add_whole_file(std::move(name), ranges_.take());
  }
  part_of_.reset();
  one.on_response_complete(is_closing_);
  if (one.tx()->response_status_number == status_switching_protocols) {
    change_at_ = htp_connp_res_data_consumed(parser_.get());
    change_from(one);
  }
}

/// A part of a file goes to its transaction, and to the file put together from parts.
void connection::on_response_body(exchange& one, const htp_tx_data_t& data) {
  one.on_response_body(data);
  if (data.data == nullptr) {
    if (data.len != 0 && part_of_ == one.number())
      ranges_.lose();
    return;
  }
  if (part_of_ == one.number())
    ranges_.bytes(std::as_bytes(std::span{data.data, data.len}));
}

void connection::change_from(exchange& one) {
  has_changed_ = true;
  next_ = one.next();
  if (next_.expected == app_protocol::http2)
    upgraded_ = one.as_upgraded();
  one.on_response_complete(false);
  one.on_end(to_server);
}

parse_status connection::verdict(direction way, int answer) {
  // CLOSED is the answer to a gap where none can be passed over.
  if (is_full_ || answer == HTP_STREAM_ERROR || answer == HTP_STREAM_STOP ||
      answer == HTP_STREAM_CLOSED) {
    is_broken_[index(way)] = true;
    return parse_status::malformed;
  }
  if (has_changed_)
    return parse_status::changed;
  return parse_status::consumed;
}

/// Where the library stands in what it was passed, counted as frames are.
std::int64_t connection::place(direction way) const noexcept {
  const auto read = way == to_server ? htp_connp_req_data_consumed(parser_.get())
                                     : htp_connp_res_data_consumed(parser_.get());
  return passed_at_[index(way)] + static_cast<std::int64_t>(read);
}

/// At the end of a message the library has read on by a line, to see what follows: the end of its
/// head, the bytes of its body on the wire and its trailer say where it ended.
void connection::note_head_end(direction way) noexcept {
  note_place(way);
  head_end_[index(way)] = solid_[index(way)];
}

void connection::note_place(direction way) noexcept {
  solid_[index(way)] = before_[index(way)] + place(way);
}

void connection::begin_frame(direction way, const exchange& one) {
  const auto i = index(way);
  const auto at = ended_at_[i] ? *ended_at_[i] - before_[i] : place(way);
  open_frames_[i] = frames_.open(way, frame_types[i], at, std::nullopt, one.number());
}

void connection::end_frame(direction way, std::int64_t body_bytes) {
  const auto i = index(way);
  if (is_closing_)
    return;
  solid_[i] = std::max(solid_[i], head_end_[i] + body_bytes);
  frames_.close(std::exchange(open_frames_[i], 0), solid_[i] - before_[i]);
  ended_at_[i] = solid_[i];
}

parse_status connection::pass_on(direction way, const void* bytes, std::size_t size,
                                 std::int64_t at) {
  fed_ = way;
  passed_at_[index(way)] = at;
  auto* parser = parser_.get();
  const bool is_request = way == to_server;
  given_ = {static_cast<const std::byte*>(bytes), bytes == nullptr ? 0 : size};
  const int answer = is_request ? htp_connp_req_data(parser, nullptr, bytes, size)
                                : htp_connp_res_data(parser, nullptr, bytes, size);
  if (is_request) {
    // what the library left for later will be at hand again
    read_chunk_lines(answer == HTP_STREAM_DATA_OTHER ? htp_connp_req_data_consumed(parser)
                                                     : given_.size());
    chunks_from_ = 0;
    if (bytes == nullptr)
      chunks_.reset(); // behind a gap nobody knows where the lines are
  }
  given_ = {};
  if (answer == HTP_STREAM_TUNNEL)
    has_changed_ = true;
  if ((answer == HTP_STREAM_DATA_OTHER || has_changed_) && bytes != nullptr) {
    const auto taken = is_request     ? htp_connp_req_data_consumed(parser)
                       : has_changed_ ? change_at_
                                      : htp_connp_res_data_consumed(parser);
    const auto left =
        std::string_view{static_cast<const char*>(bytes), size}.substr(std::min(taken, size));
    waiting_[index(way)] = left.substr(0, has_changed_ ? left.size() : waiting_limit);
  }
  return verdict(way, answer);
}

parse_status connection::bytes(direction way, byte_view bytes, timestamp) {
  if (!parser_ || is_broken_[index(way)] || is_ended_[index(way)])
    return parse_status::malformed;
  if (has_changed_)
    return parse_status::changed;
  if (bytes.empty())
    return parse_status::consumed;
  before_[index(way)] += frames_.taken(way);
  frames_.take(way, bytes);
  const auto* const given = bytes.data();
  if (way == to_client && htp_connp_get_out_tx(parser_.get()) == nullptr) {
    bytes = without_stray_line(bytes);
    expect_head(bytes);
  }
  auto& mine = waiting_[index(way)];
  if (!mine.empty()) {
    const auto room = waiting_limit - std::min(mine.size(), waiting_limit);
    const auto held = static_cast<std::int64_t>(mine.size());
    mine += as_text(bytes).substr(0, room);
    const auto all = std::exchange(mine, {});
    return pass_on(way, all.data(), all.size(), -held);
  }
  const auto status = pass_on(way, bytes.data(), bytes.size(), bytes.data() - given);
  const auto other = opposite(way);
  if (status == parse_status::consumed && !waiting_[index(other)].empty() &&
      !is_broken_[index(other)]) {
    const auto held = std::exchange(waiting_[index(other)], {});
    const auto at = frames_.taken(other) - static_cast<std::int64_t>(held.size());
    if (pass_on(other, held.data(), held.size(), at) == parse_status::changed)
      return parse_status::changed;
  }
  return status;
}

parse_status connection::gap(direction way, std::uint64_t size) {
  if (!parser_ || is_broken_[index(way)] || is_ended_[index(way)])
    return parse_status::malformed;
  if (size == 0 || has_changed_)
    return parse_status::consumed;
  // The library skips a gap inside a body of known length and refuses it anywhere else.
  before_[index(way)] += frames_.taken(way) + static_cast<std::int64_t>(size);
  ended_at_[index(way)].reset();
  frames_.skip(way, size);
  const auto status = pass_on(way, nullptr, static_cast<std::size_t>(size), 0);
  return status == parse_status::consumed ? parse_status::resynchronised : status;
}

void connection::end(direction way) {
  if (!parser_ || is_ended_[index(way)])
    return;
  is_ended_[index(way)] = true;
  frames_.end(way);
  is_closing_ = true;
  fed_ = way;
  const bool is_last = is_ended_[index(opposite(way))];
  if (!is_broken_[index(way)] && !has_changed_) {
    if (way == to_server)
      htp_connp_req_close(parser_.get(), nullptr);
    else
      htp_connp_close(parser_.get(), nullptr);
  }
  is_closing_ = false;
  for (std::size_t i = 0; i < live_.size(); ++i) {
    live_[i].on_end(way);
    if (is_last)
      live_[i].on_end(opposite(way));
  }
}

void connection::release(std::uint64_t number) noexcept {
  if (chunks_ && chunked_->number() == number)
    chunks_.reset();
  if (auto one = live_.take(number))
    orphans_.push_back(std::move(one));
  std::erase_if(orphans_, [](const std::unique_ptr<exchange>& one) {
    auto* tx = one->tx();
    if (tx->request_progress != HTP_REQUEST_COMPLETE ||
        tx->response_progress != HTP_RESPONSE_COMPLETE)
      return false;
    htp_tx_set_user_data(tx, nullptr);
    return htp_tx_destroy(tx) == HTP_OK;
  });
}

} // namespace cresset::detect::proto::http
