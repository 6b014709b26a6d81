#include "coord/api/health.hpp"

#include "capture/base/json_writer.hpp"

#include <fmt/format.h>

namespace cresset::coord::api {

namespace {

http::response healthy(const http::request&) {
  return http::json_response(R"({"status":"ok"})");
}

http::response ready(const parts& all, const http::request&) {
  const auto reason = all.not_ready ? all.not_ready() : std::string{};
  if (!reason.empty())
    return http::problem(503, reason);
  return http::json_response(R"({"status":"ready"})");
}

void append(std::string& text, const metric& m) {
  // Several metrics of one name differ in their labels; help and type stand before the first alone.
  if (text.find("# TYPE " + m.name + " ") == std::string::npos)
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", m.name, m.help, m.name, m.type);
  text += m.labels.empty() ? fmt::format("{} {}\n", m.name, m.value)
                           : fmt::format("{}{{{}}} {}\n", m.name, m.labels, m.value);
}

metric count(const char* name, const char* help, std::uint64_t value) {
  return {std::string{"cresset_"} + name, help, "counter", static_cast<double>(value), ""};
}

metric gauge(const char* name, const char* help, std::uint64_t value) {
  return {std::string{"cresset_"} + name, help, "gauge", static_cast<double>(value), ""};
}

std::vector<metric> own_metrics(const parts& all) {
  const auto l = all.sessions.counters();
  const auto p = all.pushes.counters();
  return {
      gauge("sessions_open", "People signed in", l.open),
      count("sign_ins_total", "Sessions opened", l.opened),
      count("sign_ins_wrong_total", "Tries with a wrong name or password", l.wrong),
      count("tokens_wrong_total", "Tokens shown that are none", l.tokens_wrong),
      count("sign_ins_put_off_total", "Tries refused unheard after too many failures",
            l.made_to_wait),
      count("sign_ins_busy_total", "Tries refused because too many were computed", l.busy),
      count("accounts_unavailable_total", "Times the accounts could not be read", l.unavailable),
      gauge("push_clients", "Pages that listen for changes", p.clients),
      count("push_notices_total", "Notices published", p.notices),
      count("push_slow_dropped_total", "Pages dropped because they did not keep up",
            p.slow_dropped),
      count("push_refused_total", "Pages turned away because too many listened", p.refused),
  };
}

bool is_this_machine(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

http::response metrics(const parts& all, const http::request& r) {
  if (!r.who && !is_this_machine(r.peer))
    return http::problem(403, "metrics are for this machine and for those who signed in");
  http::response answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  for (const auto& m : own_metrics(all))
    append(answer.body, m);
  if (all.metrics)
    for (const auto& m : all.metrics())
      append(answer.body, m);
  return answer;
}

metric answers(const char* kind, std::uint64_t value) {
  return {"cresset_http_answers_total", "Answers by status", "counter", static_cast<double>(value),
          fmt::format("status=\"{}\"", kind)};
}

} // namespace

std::vector<metric> metrics_of(const http::server_counters& c) {
  return {
      gauge("http_connections_open", "Connections open", c.connections_open),
      count("http_connections_total", "Connections accepted", c.connections_accepted),
      count("http_connections_refused_total", "Connections beyond a limit", c.connections_refused),
      count("http_handshakes_failed_total", "TLS handshakes that failed", c.handshakes_failed),
      count("http_requests_total", "Requests read", c.requests),
      gauge("http_requests_in_flight", "Requests whose handler runs or waits", c.requests_in_flight),
      count("http_requests_overloaded_total", "Requests put off with 503", c.requests_overloaded),
      count("http_requests_malformed_total", "Messages that could not be read", c.malformed),
      count("http_connections_timed_out_total", "Connections ended by a deadline", c.timed_out),
      answers("2xx", c.answers_2xx),
      answers("3xx", c.answers_3xx),
      answers("4xx", c.answers_4xx),
      answers("5xx", c.answers_5xx),
  };
}

void install_health(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  router.add(method::get, "/healthz", access_level::anyone, healthy);
  router.add(method::get, "/readyz", access_level::anyone,
             [all](const http::request& r) { return ready(all, r); });
  router.add(method::get, "/metrics", access_level::anyone,
             [all](const http::request& r) { return metrics(all, r); });
}

} // namespace cresset::coord::api
