// The HTTP loop. One thread runs `io_` and owns every connection; handlers run on `pool_`, because
// they wait for the database and for Argon2. A connection is one coroutine:
//
//   handshake -> [ idle -> header -> body -> handler (pool) -> answer ]* -> shutdown        each
//   leg with its own deadline
//                                              \-> WebSocket (websocket.cpp), until it ends
//
// What a client does wrong is answered with 4xx and the end of the connection, because after a
// damaged message nobody knows where the next one begins. Beast stays in this file and in
// websocket.cpp.
#include "coord/http/server.hpp"

#include "capture/base/counter.hpp"
#include "capture/base/log.hpp"
#include "coord/http/message.hpp"
#include "coord/http/tls_context.hpp"
#include "coord/http/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <map>
#include <thread>
#include <unordered_map>

namespace cresset::coord::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds goodbye_limit{1000};
constexpr std::chrono::milliseconds out_of_descriptors_pause{100};
constexpr std::size_t first_read_bytes = 4096;
constexpr std::size_t drain_limit_bytes = 256 * 1024;

using parser = beast::http::request_parser<beast::http::string_body>;

/// The answer to a message Beast could not read; nothing when the connection itself failed, and
/// nobody would hear it.
std::optional<response> answer_to(const beast::error_code& failed) {
  using beast::http::error;
  if (failed == error::end_of_stream || failed == error::partial_message ||
      failed.category() != beast::http::make_error_code(error::bad_method).category())
    return std::nullopt;
  if (failed == error::body_limit)
    return problem(413, "the body is larger than this server takes");
  if (failed == error::header_limit || failed == error::buffer_overflow)
    return problem(431, "the header is larger than this server takes");
  return problem(400, fmt::format("the request cannot be read: {}", failed.message()));
}

raw_message raw_from(const parser::value_type& read) {
  raw_message raw;
  raw.method = std::string_view{read.method_string().data(), read.method_string().size()};
  raw.target = std::string_view{read.target().data(), read.target().size()};
  raw.minor_version = read.version() % 10;
  for (const auto& field : read)
    raw.headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
  return raw;
}

} // namespace

class server::core {
public:
  core(server_config config, const router& routes, login& sessions, push_hub& pushes)
      : config_{std::move(config)}, routes_{routes}, sessions_{sessions}, pushes_{pushes},
        tls_{make_tls_context(config_.tls)}, pool_{config_.limits.handler_threads} {
    if (!config_.client_authority.empty())
      ask_for_certificates(tls_, config_.client_authority,
                           config_.is_client_certificate_required);
    listen();
    sessions_.on_end([&hub = pushes_](std::uint64_t session) { hub.close_session(session); });
  }
  ~core() { stop(); }

  std::uint16_t port() const noexcept { return port_; }
  const std::string& address() const noexcept { return config_.address; }

  void start() {
    asio::co_spawn(io_, accept_loop(), asio::detached);
    thread_ = std::thread{[this] { io_.run(); }};
  }

  void stop() {
    if (!thread_.joinable())
      return;
    asio::post(io_, [this] {
      stopping_ = true;
      beast::error_code ignored;
      acceptor_.close(ignored);
      for (auto& [number, connection] : connections_)
        if (const auto alive = connection.lock())
          alive->give(goodbye_limit); // answers under way may still go out
    });
    pushes_.close_all();
    thread_.join();
    pool_.join();
  }

  server_counters counters() const {
    server_counters c;
    c.connections_open = open_.value();
    c.connections_accepted = accepted_.value();
    c.connections_refused = refused_.value();
    c.handshakes_failed = handshakes_failed_.value();
    c.requests = requests_.value();
    c.requests_in_flight = in_flight_.value();
    c.requests_overloaded = overloaded_.value();
    c.malformed = malformed_.value();
    c.timed_out = timed_out_.value();
    c.answers_2xx = answers_[2].value();
    c.answers_3xx = answers_[3].value();
    c.answers_4xx = answers_[4].value();
    c.answers_5xx = answers_[5].value();
    return c;
  }

private:
  /// One request on its way through the pool and back. Shared, because gcc 12 copies the
  /// temporaries of a co_await expression bit by bit: nothing with a destructor may stand in one,
  /// so everything here is named and passed by reference.
  struct exchange {
    request asked;
    response answer;
    bool is_push = false;
  };

  void listen();
  asio::awaitable<void> accept_loop();
  asio::awaitable<void> serve(std::shared_ptr<tls_stream> connection, std::string peer);
  asio::awaitable<void> serve_requests(std::shared_ptr<tls_stream> connection,
                                       const std::string& peer);
  asio::awaitable<bool> read_header(tls_stream& connection, beast::flat_buffer& buffer,
                                    parser& into);
  asio::awaitable<bool> read_body(tls_stream& connection, beast::flat_buffer& buffer, parser& into);
  asio::awaitable<bool> handle(std::shared_ptr<tls_stream> connection, parser& read,
                               const std::string& peer);
  asio::awaitable<void> answer_on_pool(std::shared_ptr<exchange> e);
  asio::awaitable<bool> write(tls_stream& connection, response& answer, bool keep, bool is_head);
  asio::awaitable<void> refuse(tls_stream& connection, response& answer);
  asio::awaitable<void> say_goodbye(tls_stream& connection);

  const server_config config_;
  const router& routes_;
  login& sessions_;
  push_hub& pushes_;
  asio::ssl::context tls_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  std::uint16_t port_ = 0;
  bool stopping_ = false;
  std::uint64_t next_connection_ = 1;
  std::map<std::uint64_t, std::weak_ptr<tls_stream>> connections_;
  std::unordered_map<std::string, std::size_t> of_peer_;
  counter open_, accepted_, refused_, handshakes_failed_, requests_, in_flight_, overloaded_,
      malformed_, timed_out_;
  std::array<counter, 6> answers_; // by the status' first digit
  asio::thread_pool pool_;
  std::thread thread_;
};

void server::core::listen() {
  const auto where = fmt::format("{}:{}", config_.address, config_.port);
  beast::error_code failed;
  const auto address = asio::ip::make_address(config_.address, failed);
  if (failed)
    throw std::runtime_error{
        fmt::format("http: \"{}\" is not an IP address to listen on", config_.address)};
  const tcp::endpoint endpoint{address, config_.port};
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed)
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed)
    acceptor_.bind(endpoint, failed);
  if (!failed)
    acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed == asio::error::address_in_use)
    throw std::runtime_error{fmt::format(
        "http: {} is in use by another program; stop it or choose another port", where)};
  if (failed)
    throw std::runtime_error{fmt::format("http: cannot listen on {}: {}", where, failed.message())};
  port_ = acceptor_.local_endpoint().port();
}

asio::awaitable<void> server::core::accept_loop() {
  while (!stopping_) {
    auto [failed, socket] = co_await acceptor_.async_accept(quietly);
    if (stopping_ || failed == asio::error::operation_aborted)
      break;
    if (failed) { // no descriptors left: wait for some to come back
      refused_.add();
      asio::steady_timer pause{io_, out_of_descriptors_pause};
      co_await pause.async_wait(quietly);
      continue;
    }
    accepted_.add();
    beast::error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    const std::string peer = gone ? "" : endpoint.address().to_string();
    if (gone || connections_.size() >= config_.limits.connections ||
        of_peer_[peer] >= config_.limits.connections_a_peer) {
      refused_.add(); // the socket closes here
      continue;
    }
    socket.set_option(tcp::no_delay{true}, gone);
    auto connection = std::make_shared<tls_stream>(std::move(socket), tls_);
    asio::co_spawn(io_, serve(std::move(connection), peer), asio::detached);
  }
}

asio::awaitable<void> server::core::serve(std::shared_ptr<tls_stream> connection,
                                          std::string peer) {
  const auto number = next_connection_++;
  connections_.emplace(number, connection);
  ++of_peer_[peer];
  open_.set(connections_.size());

  connection->give(config_.limits.handshake);
  const auto [failed] =
      co_await connection->stream().async_handshake(asio::ssl::stream_base::server, quietly);
  if (failed) {
    handshakes_failed_.add();
  } else {
    connection->certificate = shown_certificate(connection->stream().native_handle());
    co_await serve_requests(connection, peer);
  }
  if (connection->timed_out())
    timed_out_.add();
  connection->give_forever();
  connection->close();

  connections_.erase(number);
  if (--of_peer_[peer] == 0)
    of_peer_.erase(peer);
  open_.set(connections_.size());
}

asio::awaitable<void> server::core::serve_requests(std::shared_ptr<tls_stream> connection,
                                                   const std::string& peer) {
  const auto& limits = config_.limits;
  beast::flat_buffer buffer{limits.header_bytes + first_read_bytes};
  for (std::size_t served = 0; served < limits.requests_a_connection && !stopping_; ++served) {
    parser read;
    read.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    read.body_limit(limits.body_bytes);
    const bool has_header = co_await read_header(*connection, buffer, read);
    if (!has_header)
      co_return;
    const bool has_body = co_await read_body(*connection, buffer, read);
    if (!has_body)
      co_return;
    const bool goes_on = co_await handle(connection, read, peer);
    if (!goes_on)
      co_return;
  }
  co_await say_goodbye(*connection);
}

asio::awaitable<bool> server::core::read_header(tls_stream& connection, beast::flat_buffer& buffer,
                                                parser& into) {
  // Waiting for a next request may take long; sending one may not.
  connection.give(config_.limits.idle);
  if (buffer.size() == 0) {
    const auto [failed, size] =
        co_await connection.stream().async_read_some(buffer.prepare(first_read_bytes), quietly);
    if (failed)
      co_return false;
    buffer.commit(size);
  }
  connection.give(config_.limits.header);
  const auto [failed, size] =
      co_await beast::http::async_read_header(connection.stream(), buffer, into, quietly);
  if (!failed)
    co_return true;
  auto answer = answer_to(failed);
  if (answer)
    co_await refuse(connection, *answer);
  co_return false;
}

asio::awaitable<bool> server::core::read_body(tls_stream& connection, beast::flat_buffer& buffer,
                                              parser& into) {
  connection.give(config_.limits.body);
  if (into.is_done())
    co_return true;
  if (beast::iequals(into.get()[beast::http::field::expect], "100-continue")) {
    beast::http::response<beast::http::empty_body> go_on{beast::http::status::continue_, 11};
    const auto [failed, size] =
        co_await beast::http::async_write(connection.stream(), go_on, quietly);
    if (failed)
      co_return false;
  }
  const auto [failed, size] =
      co_await beast::http::async_read(connection.stream(), buffer, into, quietly);
  if (!failed)
    co_return true;
  auto answer = answer_to(failed);
  if (answer)
    co_await refuse(connection, *answer);
  co_return false;
}

/// Answers one request; false when the connection ends with it.
asio::awaitable<bool> server::core::handle(std::shared_ptr<tls_stream> connection, parser& read,
                                           const std::string& peer) {
  requests_.add();
  const bool keep = read.get().keep_alive();
  auto asked = request_from(raw_from(read.get()));
  if (!asked) {
    co_await refuse(*connection, asked.error());
    co_return false;
  }
  const auto e = std::make_shared<exchange>();
  e->asked = std::move(asked.value());
  e->asked.body = std::move(read.get().body());
  e->asked.peer = peer;
  e->asked.certificate = connection->certificate;
  const bool is_head = e->asked.method == method::head;
  if (in_flight_.value() >= config_.limits.requests_in_flight) {
    overloaded_.add();
    e->answer = problem(503, "the server has too much to do; try again in a moment");
    e->answer.headers.push_back({"Retry-After", "1"});
  } else {
    connection->give_forever(); // the handler's own limits hold: statement time-outs of the store
    in_flight_.set(in_flight_.value() + 1);
    auto work = answer_on_pool(e);
    co_await asio::co_spawn(pool_, std::move(work), asio::use_awaitable);
    in_flight_.set(in_flight_.value() - 1);
  }
  bool goes_on = false;
  if (e->is_push) {
    const notice_service service{sessions_, pushes_, config_.limits.push_queue};
    co_await serve_notices(connection, e->asked, service);
  } else {
    goes_on = co_await write(*connection, e->answer, keep, is_head);
  }
  co_return goes_on;
}

/// On a thread of the pool. The route of the push path holds the checks every route shares, then
/// says 426; an upgrade takes the place of that answer.
asio::awaitable<void> server::core::answer_on_pool(std::shared_ptr<exchange> e) {
  sessions_.identify(e->asked);
  e->answer = routes_.handle(e->asked);
  e->is_push = e->answer.status == 426 && e->asked.path() == config_.push_path && e->asked.who &&
               asks_for_websocket(e->asked);
  if (e->is_push && !origin_is_own(e->asked)) {
    e->is_push = false;
    e->answer = problem(403, "the Origin header names another site than the one this was sent to");
  }
  co_return;
}

asio::awaitable<bool> server::core::write(tls_stream& connection, response& answer, bool keep,
                                          bool is_head) {
  answers_[std::min(answer.status / 100, 5U)].add();
  beast::http::response<beast::http::string_body> out{
      static_cast<beast::http::status>(answer.status), 11};
  out.reason(std::string{status_text(answer.status)});
  for (const auto& h : headers_of(answer))
    out.insert(h.name, h.value);
  out.keep_alive(keep && !stopping_);
  const auto size = answer.body.size();
  if (!is_head)
    out.body() = std::move(answer.body);
  if (answer.status != 204 && answer.status != 304)
    out.content_length(size);
  connection.give(config_.limits.write);
  beast::http::response_serializer<beast::http::string_body> serializer{out};
  const auto [failed, written] =
      co_await beast::http::async_write(connection.stream(), serializer, quietly);
  if (failed)
    co_return false;
  if (!out.keep_alive())
    co_await say_goodbye(connection);
  co_return out.keep_alive();
}

asio::awaitable<void> server::core::refuse(tls_stream& connection, response& answer) {
  malformed_.add();
  co_await write(connection, answer, false, false);
}

/// Ends the TLS session in order, then reads what is still under way: closing a socket with unread
/// bytes would reset the connection and may take the answer from the client's hands.
asio::awaitable<void> server::core::say_goodbye(tls_stream& connection) {
  connection.give(goodbye_limit);
  auto& socket = connection.stream().next_layer();
  co_await connection.stream().async_shutdown(quietly);
  beast::error_code gone;
  socket.shutdown(tcp::socket::shutdown_send, gone);
  std::array<std::byte, first_read_bytes> thrown_away;
  for (std::size_t drained = 0; !gone && drained < drain_limit_bytes;) {
    const auto [failed, size] = co_await socket.async_read_some(asio::buffer(thrown_away), quietly);
    if (failed)
      break;
    drained += size;
  }
}

server::server(server_config config, const router& routes, login& sessions, push_hub& pushes)
    : core_{std::make_unique<core>(std::move(config), routes, sessions, pushes)} {}
server::~server() = default;

std::uint16_t server::port() const noexcept {
  return core_->port();
}
std::string server::url() const {
  const bool is_v6 = core_->address().find(':') != std::string::npos;
  return fmt::format("https://{}{}{}:{}", is_v6 ? "[" : "", core_->address(), is_v6 ? "]" : "",
                     port());
}
void server::start() {
  core_->start();
}
void server::stop() {
  core_->stop();
}
server_counters server::counters() const {
  return core_->counters();
}

} // namespace cresset::coord::http
