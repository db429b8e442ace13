import { sumsIn } from '../../../src/drill/gate/scrape';

test('series of one name are added up, whatever their labels say, and comments are none', () => {
  const sums = sumsIn([
    '# HELP gateway_requests_total Requests.', '# TYPE gateway_requests_total counter',
    'gateway_requests_total{status="200"} 3', 'gateway_requests_total{status="401",note="a } 7"} 2', 'gateway_open 1.5', '', 'gateway_requests_total_more 9',
  ].join('\n'));
  expect([...sums]).toEqual([['gateway_requests_total', 5], ['gateway_open', 1.5], ['gateway_requests_total_more', 9]]);
});
