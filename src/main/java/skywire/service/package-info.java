/**
 * What the directory services have in common: who may ask (signed requests, network monitors, rates), the front they
 * are reached by (TCP and dmsg), and what they say of themselves.
 *
 * <p>Read {@link skywire.service.ServiceFront} first. The services are in the packages below.
 */
package skywire.service;
