#include "coord/http/server.hpp"

#include "tests/coord/http/memory_accounts.hpp"
#include "tests/coord/http/temporary_folder.hpp"
#include "tests/coord/http/tls_client.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <thread>

using namespace cresset::coord::http;
using namespace std::chrono_literals;

namespace {

struct fixture {
  temporary_folder state;
  memory_accounts accounts;
  login sessions{accounts};
  push_hub pushes;
  router routes;
  server_config config;
  std::unique_ptr<server> running;

  fixture() {
    config.port = 0;
    config.tls = own_certificate(state.path(), {"127.0.0.1"});
    routes.add(method::get, "/hello", access_level::anyone,
               [](const request& r) { return json_response("\"hello " + r.peer + "\""); });
    routes.add(method::post, "/echo", access_level::anyone,
               [](const request& r) { return json_response(r.body); });
    routes.add(method::get, "/api/v1/events", access_level::reader,
               [](const request&) { return problem(426, "open a WebSocket here"); });
  }
  void start() {
    running = std::make_unique<server>(config, routes, sessions, pushes);
    running->start();
  }
  tls_client connect() { return tls_client{running->port()}; }
  std::string signed_in_cookie() {
    accounts.add("ann", "correct horse", right_set{right::reader});
    auto opened = sessions.sign_in("ann", "correct horse", "127.0.0.1");
    session = opened->who.session;
    return "Cookie: " + opened->cookie.substr(0, opened->cookie.find(';')) + "\r\n";
  }
  static std::string upgrade(const std::string& more) {
    return "GET /api/v1/events HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: "
           "Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           more + "\r\n";
  }
  std::uint64_t session = 0;
};

unsigned status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoul(answer.substr(9, 3)))
                                         : 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_http_server, fixture)

BOOST_AUTO_TEST_CASE(requests_follow_each_other_on_one_connection) {
  start();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask("GET /hello HTTP/1.1\r\nHost: here\r\n\r\n");
    BOOST_TEST(status_of(answer) == 200U);
    BOOST_TEST(answer.ends_with("\"hello 127.0.0.1\""));
    BOOST_TEST(answer.find("Content-Security-Policy: default-src 'self'") != std::string::npos);
  }
  BOOST_TEST(running->counters().requests == 3U);
  BOOST_TEST(running->counters().connections_accepted == 1U);
}

BOOST_AUTO_TEST_CASE(head_tells_the_length_and_sends_no_body) {
  start();
  auto client = connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: here\r\n\r\n");
  BOOST_TEST(client.read_until("\r\n\r\n").find("Content-Length: 17") != std::string::npos);
  BOOST_TEST(status_of(client.ask("GET /hello HTTP/1.1\r\nHost: here\r\n\r\n")) == 200U);
}

BOOST_AUTO_TEST_CASE(a_body_comes_whole_whether_counted_or_in_chunks) {
  start();
  auto client = connect();
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
  BOOST_TEST(client.ask(head + "Content-Length: 4\r\n\r\n[10]").ends_with("\r\n\r\n[10]"));
  client.send(head + "Transfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n2\r\n0]\r\n0\r\n\r\n");
  BOOST_TEST(client.read_answer().ends_with("\r\n\r\n[10]"));
  client.send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_TEST(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
  BOOST_TEST(client.ask("{}").ends_with("{}"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_answered_with_4xx_and_the_end) {
  config.limits.header_bytes = 2048;
  config.limits.body_bytes = 1000;
  start();
  const std::string post =
      "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
  const std::pair<std::string, unsigned> cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /hello HTTP/9.1\r\nHost: a\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nx\x01y: z\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nlong: " + std::string(4000, 'x') + "\r\n\r\n", 431},
      {post + "Content-Length: 1001\r\n\r\n", 413},
      {post + "Content-Length: -1\r\n\r\n", 400},
      {post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n800\r\n" + std::string(0x800, ' ') +
           "\r\n0\r\n\r\n",
       413},
  };
  for (const auto& [text, status] : cases) {
    BOOST_TEST_CONTEXT(text.substr(0, 120)) {
      auto client = connect();
      client.send(text);
      const auto answer = client.read_all();
      BOOST_TEST(status_of(answer) == status);
      BOOST_TEST(answer.find("application/problem+json") != std::string::npos);
      BOOST_TEST(answer.find("Connection: close") != std::string::npos);
    }
  }
  BOOST_TEST(running->counters().answers_5xx == 0U);
}

BOOST_AUTO_TEST_CASE(no_request_in_time_ends_the_connection) {
  config.limits.idle = 50ms;
  config.limits.header = 50ms;
  start();
  auto quiet = connect();
  BOOST_TEST(quiet.read_all() == "");
  auto slow = connect();
  slow.send("GET /hel");
  BOOST_TEST(slow.read_all() == "");
  while (running->counters().timed_out < 2)
    std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_are_turned_away) {
  config.limits.connections_a_peer = 1;
  start();
  {
    auto first = connect();
    BOOST_CHECK_THROW(connect(), std::runtime_error);
    BOOST_TEST(running->counters().connections_refused == 1U);
  }
}

BOOST_AUTO_TEST_CASE(requests_beyond_the_limit_in_flight_are_put_off) {
  std::promise<void> go;
  auto gate = go.get_future().share();
  routes.add(method::get, "/slow", access_level::anyone, [gate](const request&) {
    gate.wait();
    return json_response("1");
  });
  config.limits.requests_in_flight = 1;
  start();
  auto first = connect(), second = connect();
  first.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (running->counters().requests_in_flight == 0)
    std::this_thread::yield();
  const auto answer = second.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(status_of(answer) == 503U);
  BOOST_TEST(answer.find("Retry-After: 1") != std::string::npos);
  go.set_value();
  BOOST_TEST(status_of(first.read_answer()) == 200U);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_told_in_one_line) {
  start();
  auto taken = config;
  taken.port = running->port();
  BOOST_CHECK_EXCEPTION(
      (server{taken, routes, sessions, pushes}), std::runtime_error, [](const auto& e) {
        return std::string{e.what()}.find("is in use by another program") != std::string::npos;
      });
}

BOOST_AUTO_TEST_CASE(an_unusable_address_certificate_or_key_is_told_by_name) {
  const auto message = [&](const server_config& wrong) {
    try {
      const server never{wrong, routes, sessions, pushes};
    } catch (const std::runtime_error& e) {
      return std::string{e.what()};
    }
    return std::string{};
  };
  auto wrong = config;
  wrong.address = "localhost";
  BOOST_TEST(message(wrong).find("\"localhost\" is not an IP address") != std::string::npos);
  wrong = config;
  wrong.tls.certificate = "/nonexistent.crt";
  BOOST_TEST(message(wrong).find("/nonexistent.crt") != std::string::npos);
  const temporary_folder other;
  wrong = config;
  wrong.tls.key = own_certificate(other.path(), {}).key;
  BOOST_TEST(message(wrong).find("https.key") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_that_signed_in_is_told_of_changes) {
  start();
  auto page = connect();
  page.send(upgrade(signed_in_cookie() + "Origin: https://here\r\n"));
  const auto head = page.read_until("\r\n\r\n");
  BOOST_TEST(status_of(head) == 101U);
  BOOST_TEST(head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") !=
             std::string::npos); // RFC 6455 section 1.3
  while (pushes.counters().clients == 0)
    std::this_thread::yield();
  pushes.publish("{\"a\":1}");
  BOOST_TEST(page.read_bytes(9) == std::string("\x81\x07{\"a\":1}"));
  sessions.end(session);
  BOOST_TEST(page.read_all().find("the session ended") != std::string::npos);
  while (pushes.counters().clients != 0)
    std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(no_websocket_without_session_or_for_another_sites_page) {
  start();
  auto stranger = connect();
  BOOST_TEST(status_of(stranger.ask(upgrade(""))) == 401U);
  const auto cookie = signed_in_cookie();
  auto foreign = connect();
  BOOST_TEST(status_of(foreign.ask(upgrade(cookie + "Origin: https://evil\r\n"))) == 403U);
  auto plain = connect();
  BOOST_TEST(status_of(plain.ask("GET /api/v1/events HTTP/1.1\r\nHost: here\r\n" + cookie +
                                 "\r\n")) == 426U);
}

BOOST_AUTO_TEST_CASE(a_page_that_does_not_read_is_dropped_and_counted) {
  config.limits.push_queue = 4;
  start();
  auto page = connect();
  page.send(upgrade(signed_in_cookie()));
  page.read_until("\r\n\r\n");
  while (pushes.counters().clients == 0)
    std::this_thread::yield();
  const std::string big(1 << 20, 'x');
  while (pushes.counters().slow_dropped == 0)
    pushes.publish(big);
  BOOST_TEST(pushes.counters().clients == 0U);
}

BOOST_AUTO_TEST_CASE(plain_http_on_the_port_is_no_handshake) {
  start();
  std::unique_ptr<BIO, decltype(&BIO_free_all)> plain{
      BIO_new_connect(("127.0.0.1:" + std::to_string(running->port())).c_str()), BIO_free_all};
  BOOST_REQUIRE(BIO_do_connect(plain.get()) > 0);
  BIO_puts(plain.get(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (running->counters().handshakes_failed == 0)
    std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(stopping_ends_open_connections_and_starts_nothing_more) {
  start();
  auto idle = connect();
  BOOST_TEST(status_of(idle.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")) == 200U);
  running->stop();
  BOOST_TEST(idle.read_all() == "");
  BOOST_TEST(running->counters().connections_open == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
