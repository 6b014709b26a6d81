#include "detect/proto/http/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string get(std::string_view uri, std::string_view more = "") {
  return "GET " + std::string{uri} + " HTTP/1.1\r\nHost: www.Example.org\r\n" + std::string{more} +
         "\r\n";
}
std::string answer(std::string_view body, std::string_view more = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string{more} + "\r\n" + std::string{body};
}

struct flow {
  explicit flow(const http::settings& wanted = {})
      : rules{wanted}, parser{http::make_parser(rules, 50000, 80)} {}

  parse_status client(std::string_view bytes) { return feed(*parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(*parser, to_client, bytes); }
  void end() {
    parser->end(to_server);
    parser->end(to_client);
  }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser->transactions().size() > i);
    return *parser->transactions()[i];
  }
  static std::size_t id_of(std::string_view name, direction way) {
    for (std::size_t id = 0; id < http::description.buffers.size(); ++id)
      if (http::description.buffers[id].name == name && http::description.buffers[id].way == way)
        return id;
    BOOST_FAIL("no buffer " << name);
    return 0;
  }
  std::string buffer(std::string_view name, direction way, std::size_t i = 0,
                     std::size_t instance = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id_of(name, way)), instance);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  body_view body(std::string_view name, direction way, std::size_t i = 0) {
    return tx(i).body(static_cast<buffer_id>(id_of(name, way)));
  }
  std::string body_text(std::string_view name, direction way, std::size_t i = 0) {
    return std::string{as_text(body(name, way, i).bytes)};
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }

  http::personality rules;
  std::unique_ptr<stream_parser> parser;
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_parser)

BOOST_AUTO_TEST_CASE(a_request_gives_its_line_and_headers) {
  flow f;
  BOOST_CHECK(
      f.client("GET /a/./b/../c%20d?x=%41+b#z HTTP/1.1\r\nHost: "
               "Www.Example.org:8080\r\nUser-Agent:  curl/8 \r\n"
               "Cookie: k=v\r\nReferer: http://r/\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
               "Accept-Language: en\r\nConnection: close\r\n\r\n") == parse_status::consumed);
  BOOST_TEST(f.buffer("http.uri", to_server) == "/a/c d?x=A+b#z");
  BOOST_TEST(f.buffer("http.uri.raw", to_server) == "/a/./b/../c%20d?x=%41+b#z");
  BOOST_TEST(f.buffer("http.method", to_server) == "GET");
  BOOST_TEST(f.buffer("http.protocol", to_server) == "HTTP/1.1");
  BOOST_TEST(f.buffer("http.request_line", to_server) == "GET /a/./b/../c%20d?x=%41+b#z HTTP/1.1");
  BOOST_TEST(f.buffer("http.host", to_server) == "www.example.org");
  BOOST_TEST(f.buffer("http.host.raw", to_server) == "Www.Example.org:8080");
  BOOST_TEST(f.buffer("http.user_agent", to_server) == "curl/8");
  BOOST_TEST(f.buffer("http.cookie", to_server) == "k=v");
  BOOST_TEST(f.buffer("http.referer", to_server) == "http://r/");
  BOOST_TEST(f.buffer("http.accept", to_server) == "*/*");
  BOOST_TEST(f.buffer("http.accept_enc", to_server) == "gzip");
  BOOST_TEST(f.buffer("http.accept_lang", to_server) == "en");
  BOOST_TEST(f.buffer("http.connection", to_server) == "close");
  BOOST_TEST(f.tx().is_done(to_server));
  BOOST_TEST(f.tx().progress_of(to_client) == 0);
  BOOST_TEST(f.tx().field(0, 0).value() == 14U);
  BOOST_TEST(f.tx().field(1, 0).value() == 25U);
}

BOOST_AUTO_TEST_CASE(composed_buffers_have_the_shape_rules_expect) {
  flow f;
  f.client(
      "POST /p HTTP/1.1\r\nHost: h\r\nA:1\r\nCookie: c=d\r\nA: 2\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(f.buffer("http.header", to_server) == "Host: h\r\nA: 1, 2\r\nContent-Length: 0\r\n");
  BOOST_TEST(f.buffer("http.header_names", to_server) ==
             "\r\nHost\r\nA\r\nCookie\r\nContent-Length\r\n\r\n");
  BOOST_TEST(f.buffer("http.start", to_server) ==
             "POST /p HTTP/1.1\r\nHost: h\r\nA: 1, 2\r\nCookie: c=d\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(f.buffer("http.header.raw", to_server) ==
             "Host: h\r\nA:1\r\nCookie: c=d\r\nA: 2\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(f.buffer("http.request_header", to_server, 0, 1) == "A: 1, 2");
  BOOST_TEST(f.buffer("http.request_header", to_server, 0, 4) == "(none)");
  BOOST_TEST(f.buffer("http.content_len", to_server) == "0");
  BOOST_TEST(f.has_event("request_header_repetition"));
}

BOOST_AUTO_TEST_CASE(a_response_gives_its_line_headers_and_body) {
  flow f;
  f.client(get("/x/report.pdf"));
  f.server("HTTP/1.1 302 Found here\r\nServer: s\r\nLocation: /y\r\nSet-Cookie: "
           "a=b\r\nContent-Type: text/html; q=1\r\n"
           "Content-Length: 4\r\n\r\nbody");
  BOOST_TEST(f.buffer("http.stat_code", to_client) == "302");
  BOOST_TEST(f.buffer("http.stat_msg", to_client) == "Found here");
  BOOST_TEST(f.buffer("http.response_line", to_client) == "HTTP/1.1 302 Found here");
  BOOST_TEST(f.buffer("http.protocol", to_client) == "HTTP/1.1");
  BOOST_TEST(f.buffer("http.server", to_client) == "s");
  BOOST_TEST(f.buffer("http.location", to_client) == "/y");
  BOOST_TEST(f.buffer("http.cookie", to_client) == "a=b");
  BOOST_TEST(f.buffer("http.content_type", to_client) == "text/html; q=1");
  BOOST_TEST(f.buffer("http.header", to_client) ==
             "Server: s\r\nLocation: /y\r\nContent-Type: text/html; q=1\r\nContent-Length: 4\r\n");
  BOOST_TEST(f.body_text("http.response_body", to_client) == "body");
  BOOST_TEST(f.body("http.response_body", to_client).complete);
  BOOST_TEST(f.body_text("file.data", to_client) == "body");
  BOOST_REQUIRE(f.tx().files(to_client) == 1U);
  BOOST_TEST(f.tx().file(to_client, 0).name == "/x/report.pdf");
  BOOST_TEST(!f.tx().file(to_client, 0).truncated);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"hostname":"www.example.org","url":"/x/report.pdf","http_content_type":"text/html","http_method":"GET",)"
      R"("protocol":"HTTP/1.1","status":302,"redirect":"/y","length":4})");
}

BOOST_AUTO_TEST_CASE(the_event_log_has_port_agent_referer_and_range) {
  flow f;
  f.client("GET / HTTP/1.1\r\nHost: h:8080\r\nUser-Agent: u\r\nReferer: r\r\n\r\n");
  f.server("HTTP/1.1 206 P\r\nContent-Range: bytes 500-1000/146515\r\nContent-Length: 1\r\n\r\nx");
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"hostname":"h","http_port":8080,"url":"/","http_user_agent":"u",)"
      R"("content_range":{"raw":"bytes 500-1000/146515","start":500,"end":1000,"size":146515},)"
      R"("http_refer":"r","http_method":"GET","protocol":"HTTP/1.1","status":206,"length":1})");
  BOOST_TEST(f.has_event("request_server_port_tcp_port_mismatch"));
}

BOOST_AUTO_TEST_CASE(progress_grows_with_the_bytes) {
  flow f;
  f.client("POST /p HTTP/1.1\r\n");
  BOOST_TEST(f.tx().progress_of(to_server) == static_cast<progress>(http::request_progress::line));
  BOOST_TEST(f.buffer("http.uri", to_server) == "/p");
  BOOST_TEST(f.buffer("http.header", to_server) == "(none)");
  f.client("Host: h\r\nContent-Length: 4\r\n\r\n");
  BOOST_TEST(f.tx().progress_of(to_server) ==
             static_cast<progress>(http::request_progress::headers));
  f.client("ab");
  BOOST_TEST(f.tx().progress_of(to_server) == static_cast<progress>(http::request_progress::body));
  BOOST_TEST(f.body_text("http.request_body", to_server) == "ab");
  BOOST_TEST(!f.body("http.request_body", to_server).complete);
  f.client("cd");
  BOOST_TEST(f.tx().is_done(to_server));
  BOOST_TEST(f.body("http.request_body", to_server).complete);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_counted_not_kept) {
  http::settings small;
  small.response_body_limit = 10;
  small.request_body_limit = 5;
  flow f{small};
  f.client("PUT /f HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n12345678");
  f.server(answer(std::string(30, 'x')));
  BOOST_TEST(f.body("http.request_body", to_server).bytes.size() == 5U);
  BOOST_TEST(f.body("http.request_body", to_server).total == 8U);
  BOOST_TEST(f.body("http.response_body", to_client).bytes.size() == 10U);
  BOOST_TEST(f.body("http.response_body", to_client).total == 30U);
  BOOST_TEST(f.tx().file(to_server, 0).name == "/f");
}

BOOST_AUTO_TEST_CASE(encodings_of_the_body_are_undone) {
  const auto gzip =
      from_hex("1f8b08000000000002ffcb48cdc9c95728cf2fca4901008511 4a0d0b000000"); // "hello world"
  const auto zlib = from_hex("789ccb48cdc9c95728cf2fca49010 01a0b045d");
  const auto brotli = from_hex("0b058068656c6c6f20776f726c6403");
  for (const auto& [name, bytes] : {std::pair{"gzip", gzip}, {"deflate", zlib}, {"br", brotli}}) {
    BOOST_TEST_CONTEXT(name) {
      flow f;
      f.client(get("/"));
      f.server(answer(bytes, "Content-Encoding: " + std::string{name} + "\r\n"));
      BOOST_TEST(f.body_text("http.response_body", to_client) == "hello world");
    }
  }
  flow f;
  f.client("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(gzip.size()) + "\r\n\r\n" + gzip);
  BOOST_TEST(f.body_text("http.request_body", to_server) == "hello world");
}

BOOST_AUTO_TEST_CASE(chunks_are_joined) {
  flow f;
  f.client("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
           "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  f.server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\n0\r\n\r\n");
  BOOST_TEST(f.body_text("http.request_body", to_server) == "abcde");
  BOOST_TEST(f.body_text("http.response_body", to_client) == "wxyz");
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_CASE(pipelined_requests_meet_their_answers_in_order) {
  flow f;
  f.client(get("/1") + get("/2") + get("/3"));
  f.server(answer("a") + answer("bb"));
  f.server(answer("ccc"));
  BOOST_REQUIRE(f.parser->transactions().size() == 3U);
  BOOST_TEST(f.buffer("http.uri", to_server, 2) == "/3");
  BOOST_TEST(f.body_text("http.response_body", to_client, 0) == "a");
  BOOST_TEST(f.body_text("http.response_body", to_client, 2) == "ccc");
}

BOOST_AUTO_TEST_CASE(a_continue_answer_is_not_the_answer) {
  flow f;
  f.client("PUT /f HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  f.server("HTTP/1.1 100 Continue\r\n\r\n");
  BOOST_TEST(!f.tx().is_done(to_client));
  f.client("ok");
  f.server(answer("done"));
  BOOST_TEST(f.buffer("http.stat_code", to_client) == "200");
  BOOST_TEST(f.body_text("http.response_body", to_client) == "done");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_question_gets_a_transaction) {
  flow f;
  f.server(answer("alone"));
  BOOST_TEST(f.body_text("http.response_body", to_client) == "alone");
  BOOST_TEST(f.has_event("unable_to_match_response_to_request"));
  BOOST_TEST(members_of(f.tx()).find("/libhtp::request_uri_not_seen") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stray_line_in_front_of_the_answer_is_passed_over) {
  flow f;
  f.client(get("/s"));
  f.server(" \t\r\r\n" + answer("one"));
  f.client(get("/s"));
  f.server(" SIP/2.0 200 ok\r\n" + answer("two"));
  BOOST_TEST(f.body_text("http.response_body", to_client, 0) == "one");
  BOOST_TEST(f.body_text("http.response_body", to_client, 1) == "two");
}

BOOST_AUTO_TEST_CASE(brotli_is_no_unknown_encoding) {
  flow f;
  f.client(get("/"));
  f.server(answer(from_hex("0b058068656c6c6f20776f726c6403"), "Content-Encoding: br\r\n"));
  BOOST_TEST(!f.has_event("abnormal_ce_header"));
}

BOOST_AUTO_TEST_CASE(http_0_9_has_a_body_and_nothing_else) {
  flow f;
  f.client("GET /old\r\n");
  f.server("<p>text");
  f.end();
  BOOST_TEST(f.buffer("http.uri", to_server) == "/old");
  BOOST_TEST(f.body_text("http.response_body", to_client) == "<p>text");
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_head_is_no_answer_to_http_0_9) {
  flow f;
  f.client("\x85 strange bytes");
  f.server("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad");
  BOOST_TEST(f.buffer("http.response_line", to_client) == "HTTP/1.1 400 Bad Request");
  BOOST_TEST(f.body_text("file.data", to_client) == "bad");
}

BOOST_AUTO_TEST_CASE(behind_connect_and_upgrade_the_flow_changes) {
  flow connect;
  connect.client("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");
  BOOST_CHECK(connect.server("HTTP/1.1 200 OK\r\n\r\n") == parse_status::changed);
  BOOST_TEST(connect.tx().is_done());
  flow upgrade;
  upgrade.client(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\n"));
  BOOST_CHECK(upgrade.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n") ==
              parse_status::changed);
  flow refused;
  refused.client("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");
  BOOST_CHECK(refused.server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") ==
              parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(what_stands_behind_the_change_is_left_over) {
  // The views live as long as the bytes of the call, so these must outlive it.
  flow upgrade;
  upgrade.client(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\n"));
  const std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n\x81\x02hi\nthere";
  BOOST_CHECK(upgrade.parser->bytes(to_client, as_bytes(answer), {}) == parse_status::changed);
  BOOST_TEST(as_text(upgrade.parser->left_over(to_client)) == "\x81\x02hi\nthere");
  BOOST_TEST(upgrade.parser->left_over(to_server).empty());
  BOOST_CHECK(upgrade.parser->next().expected == app_protocol::websocket);
  BOOST_TEST(upgrade.parser->next().is_certain);
  BOOST_TEST(upgrade.body_text("file.data", to_client) == "");

  flow connect;
  connect.client("CONNECT h:25 HTTP/1.1\r\nHost: h:25\r\n\r\nEHLO early\r\n");
  const std::string tunnel = "HTTP/1.1 200 OK\r\n\r\n220 smtp here\r\n250 ok\r\n";
  BOOST_CHECK(connect.parser->bytes(to_client, as_bytes(tunnel), {}) == parse_status::changed);
  BOOST_TEST(as_text(connect.parser->left_over(to_client)) == "220 smtp here\r\n250 ok\r\n");
  BOOST_TEST(as_text(connect.parser->left_over(to_server)) == "EHLO early\r\n");
  BOOST_TEST(connect.parser->next().port == 25);
  BOOST_TEST(connect.tx().is_done());
}

BOOST_AUTO_TEST_CASE(an_extension_of_a_chunk_is_an_event_however_the_bytes_are_cut) {
  const std::string request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "3\r\na;b\r\n2;x=y\r\ncd\r\n0\r\n\r\n";
  for (std::size_t cut = 0; cut < request.size(); ++cut) {
    flow f;
    f.client(request.substr(0, cut));
    f.client(request.substr(cut));
    BOOST_TEST(f.has_event("request_chunk_extension"));
    BOOST_TEST(f.body_text("http.request_body", to_server) == "a;bcd");
  }
  flow plain;
  plain.client(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na;b\r\n0\r\n\r\n");
  BOOST_TEST(!plain.has_event("request_chunk_extension"));
}

BOOST_AUTO_TEST_CASE(a_request_that_says_it_is_packed_and_is_not_is_kept) {
  const auto post = [](std::string_view body) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
  };
  flow plain;
  plain.client(post("{\"not\": \"packed\"}"));
  BOOST_TEST(plain.body_text("http.request_body", to_server) == "{\"not\": \"packed\"}");
  BOOST_TEST(plain.has_event("gzip_decompression_failed"));
  flow packed;
  packed.client(post(from_hex("1f8b08000000000002ffcb48cdc9c957c840905c003b7c8adf12000000")));
  BOOST_TEST(packed.body_text("http.request_body", to_server) == "hello hello hello\n");
}

BOOST_AUTO_TEST_CASE(parts_of_a_file_are_put_together) {
  flow f;
  const auto part = [](std::string_view range, std::string_view bytes) {
    return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::string{range} +
           "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + std::string{bytes};
  };
  f.client(get("/file.bin"));
  f.server(part("0-3/8", "abcd"));
  f.client(get("/file.bin"));
  f.server(part("4-7/8", "efgh"));
  BOOST_TEST(f.tx(0).files(to_client) == 1U);
  BOOST_TEST(f.tx(0).file(to_client, 0).end.value_or(0) == 3U);
  BOOST_REQUIRE(f.tx(1).files(to_client) == 2U);
  BOOST_TEST(f.tx(1).file(to_client, 0).start.value_or(0) == 4U);
  const auto whole = f.tx(1).file(to_client, 1);
  BOOST_TEST(whole.name == "/file.bin");
  BOOST_TEST(as_text(whole.content.bytes) == "abcdefgh");
  BOOST_TEST(whole.content.complete);
  BOOST_TEST(!whole.start);
}

BOOST_AUTO_TEST_CASE(a_form_shows_its_files) {
  const std::string body =
      "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ntext\r\n--xx\r\n"
      "Content-Disposition: form-data; name=\"f\"; filename=\"one.jpg\"\r\n\r\nJPEG\r\n--xx--\r\n";
  flow f;
  f.client("POST /up HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; "
           "boundary=xx\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body);
  BOOST_REQUIRE(f.tx().files(to_server) == 1U);
  BOOST_TEST(f.tx().file(to_server, 0).name == "one.jpg");
  BOOST_TEST(as_text(f.tx().file(to_server, 0).content.bytes) == "JPEG");
  BOOST_TEST(f.body_text("http.request_body", to_server) == body);
}

BOOST_AUTO_TEST_CASE(the_name_of_a_download_is_the_disposition_s) {
  flow f;
  f.client(get("/get"));
  f.server(answer("X5O", "Content-Disposition: attachment; filename=\"eicar.txt\"\r\n"));
  BOOST_TEST(f.tx().file(to_client, 0).name == "eicar.txt");
}

BOOST_AUTO_TEST_CASE(a_gap_in_a_body_is_passed_over_and_marks_the_file) {
  flow f;
  f.client(get("/g"));
  f.server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  BOOST_CHECK(f.parser->gap(to_client, 4) == parse_status::resynchronised);
  f.server("xyz");
  BOOST_TEST(f.body_text("http.response_body", to_client) == "xyz");
  BOOST_TEST(f.body("http.response_body", to_client).offset == 7U);
  BOOST_TEST(f.body("http.response_body", to_client).total == 10U);
  BOOST_TEST(f.tx().file(to_client, 0).truncated);
  f.client(get("/next"));
  BOOST_TEST(f.parser->transactions().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_gap_in_a_head_stops_the_direction) {
  flow f;
  f.client("GET / HTTP/1.1\r\nHo");
  BOOST_CHECK(f.parser->gap(to_server, 100) == parse_status::malformed);
  BOOST_CHECK(f.client("x: y\r\n\r\n") == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(an_end_makes_open_messages_what_they_are) {
  flow f;
  f.client(get("/e"));
  f.server("HTTP/1.1 200 OK\r\nServer:ng1nx\r\n");
  f.end();
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.buffer("http.server", to_client) == "ng1nx");
  flow body;
  body.client(get("/e"));
  body.server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  body.end();
  BOOST_TEST(body.tx().file(to_client, 0).truncated);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_becomes_events) {
  const auto raises = [](std::string_view request, std::string_view response,
                         std::string_view event) {
    flow f;
    f.client(request);
    if (!response.empty())
      f.server(response);
    BOOST_TEST_CONTEXT(event) {
      BOOST_TEST(f.has_event(event));
    }
  };
  raises("GET / HTTP/1.1\r\n\r\n", "", "missing_host_header");
  raises("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", "", "host_header_ambiguous");
  raises("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", "", "request_field_missing_colon");
  raises("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:11\r\nContent-Length:93\r\n\r\n", "",
         "duplicate_content_length_field_in_request");
  raises("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Turbo x\r\n\r\n", "",
         "request_auth_unrecognized");
  raises(get("/"), "HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nContent-Length: 0\r\n\r\n",
         "response_header_repetition");
  raises(get("/"), "HTTP/1.1 200 OK\r\nContent-Encoding: xyz\r\nContent-Length: 1\r\n\r\nx",
         "abnormal_ce_header");
  flow bearer;
  bearer.client("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\n\r\n");
  BOOST_TEST(!bearer.has_event("request_auth_unrecognized"));
}

BOOST_AUTO_TEST_CASE(a_line_without_end_stops_at_the_limit) {
  flow f;
  f.client("GET /");
  auto status = parse_status::consumed;
  std::size_t given = 0;
  while (status == parse_status::consumed && given < 1000000) {
    status = f.client(std::string(1000, 'a'));
    given += 1000;
  }
  BOOST_CHECK(status == parse_status::malformed);
  BOOST_TEST(given < 40000U);
}

BOOST_AUTO_TEST_CASE(transactions_are_bounded_and_released_ones_make_room) {
  http::settings few;
  few.transaction_limit = 4;
  flow f{few};
  for (int i = 0; i < 20; ++i) {
    BOOST_CHECK(f.client(get("/r")) == parse_status::consumed);
    BOOST_CHECK(f.server(answer("a")) == parse_status::consumed);
    f.parser->release(static_cast<std::uint64_t>(i));
    BOOST_TEST(f.parser->transactions().empty());
  }
  for (int i = 0; i < 4; ++i)
    f.client(get("/r"));
  BOOST_CHECK(f.client(get("/r")) == parse_status::malformed);
  BOOST_TEST(f.parser->transactions().size() == 5U); // the one that went over is still whole
  BOOST_CHECK(f.client(get("/r")) == parse_status::malformed);
  BOOST_TEST(f.parser->transactions().size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_transaction_released_early_does_no_harm) {
  flow f;
  f.client("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
  f.parser->release(0);
  f.parser->release(0);
  f.client("cd");
  f.server(answer("x"));
  f.client(get("/2"));
  BOOST_TEST(f.buffer("http.uri", to_server) == "/2");
  BOOST_TEST(f.tx().number() == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_transactions_however_they_are_cut) {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=f; filename=n\r\n\r\n-\r\n--x\r\n--b--";
  const conversation talk{
      client("POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n"
             "Content-Length: " +
             std::to_string(form.size()) + "\r\n\r\n" + form),
      server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
      client(get("/b")), server(answer("second", "X: y\r\nX: z\r\n"))};
  const http::personality rules{{}};
  const auto all = summaries_of_all_splits([&] { return http::make_parser(rules, 50000, 80); },
                                           http::description, talk);
  BOOST_TEST(all.front().find("file n -\r\n--x") != std::string::npos);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_CASE(requests_and_responses_are_frames) {
  const auto ask = get("/a") + get("/b");
  for (std::size_t cut = 1; cut < ask.size(); cut += 7) {
    flow f;
    f.parser->frames()->wake();
    f.client(ask.substr(0, cut));
    f.client(ask.substr(cut));
    f.server(answer("xyz"));
    std::vector<std::string> seen;
    for (const auto& one : f.parser->frames()->frames())
      if (one.is_complete)
        seen.push_back(std::string{as_text(one.bytes)});
    const std::vector<std::string> expected{get("/a"), get("/b"), answer("xyz")};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
