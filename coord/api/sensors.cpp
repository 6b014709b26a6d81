#include "coord/api/sensors.hpp"

#include "coord/api/json_output.hpp"
#include "coord/api/query_input.hpp"
#include "coord/api/store_answer.hpp"

namespace cresset::coord::api {

namespace {

void write(json_writer& json, const sensor_status& sensor) {
  json.begin_object().member("name", sensor.name).member("connected", sensor.connected);
  write_time(json, "last_heard", sensor.last_heard.value_or(timestamp{}));
  json.member("stored", sensor.stored)
      .member("refused", sensor.refused)
      .member("dropped", sensor.dropped)
      .member("behind", sensor.behind)
      .member("told_to_wait", sensor.busy)
      .key("clock_skew_ms");
  if (sensor.clock_skew)
    json.number(sensor.clock_skew->count());
  else
    json.null();
  json.end_object();
}

http::response list(const parts& all, const http::request& r) {
  query_input query{r};
  if (auto wrong = query.mistake())
    return std::move(*wrong);
  const auto found = all.sensors.sensors();
  if (!found)
    return answer_to(found.error());
  std::string body;
  json_writer json{body};
  json.begin_object().key("sensors").begin_array();
  for (const auto& sensor : found->sensors)
    write(json, sensor);
  json.end_array().key("strangers").begin_array();
  for (const auto& stranger : found->strangers)
    json.begin_object()
        .member("key", stranger.key_z85)
        .member("address", stranger.address)
        .member("times", stranger.times)
        .end_object();
  json.end_array().end_object();
  return http::json_response(std::move(body));
}

} // namespace

void install_sensors(http::router& router, const parts& all) {
  router.add(http::method::get, "/api/v1/sensors", http::access_level::reader,
             [all](const http::request& r) { return list(all, r); });
}

} // namespace cresset::coord::api
